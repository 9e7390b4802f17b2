"""Writes and reads PyTorch files, for comparison with those of Lockstep.

    pytorch_file.py write FOLDER           tensors.pt, values.pt, bare.pt, rezipped.pt, adamw.pt, sgd.pt,
                                           and refused-*.pt, which Lockstep refuses
    pytorch_file.py describe FILE...       one line for each value, to the bit, and an empty one between
                                           files; they are read with weights_only=True, mapped and not
    pytorch_file.py resume FOLDER NAME...  loads the model and the optimizer NAME from FOLDER/again-*.pt
                                           and trains on: the same bits as with FOLDER/*.pt
"""

import argparse
import builtins
import os
import struct
import subprocess
import sys
import zipfile
from collections import Counter, OrderedDict

import torch

DTYPES = [
    torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
    torch.float16, torch.float32, torch.float64, torch.bool, torch.bfloat16,
]


def tensors():
    matrix = torch.arange(12.0).reshape(3, 4)
    weight = torch.nn.Parameter(torch.randn(2, 3))
    result = {f"{dtype}": torch.tensor([0, 1, 2, 127]).to(dtype) for dtype in DTYPES}
    result |= {
        "matrix": matrix, "transposed": matrix.t(), "column": matrix[:, 2], "block": matrix[1:, 1:3],
        "expanded": torch.tensor([1.5]).expand(3), "scalar": torch.tensor(7), "empty": torch.zeros(0, 4),
        "parameter": weight, "the same": weight, "requires": torch.ones(2, requires_grad=True),
        "nan": torch.tensor([float("nan"), -0.0, float("inf")]), "channels last":
        torch.randn(1, 2, 3, 4).to(memory_format=torch.channels_last),
    }
    return result


def values():
    shared = [1, 2]
    return {
        "none": None, "true": True, "false": False, "text": "ключ \"\\\n\0", "no text": "", "long": "x" * 300,
        "integers": [0, 255, 256, 65535, 65536, -1, -128, -129, 2**31 - 1, 2**31, -(2**31) - 1, 2**62, 2**63 - 1,
                     -(2**63), -(2**62)],
        "floats": [0.0, -0.0, 1.5, float("inf"), float("nan"), 5e-324, 1e308],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "size": torch.Size([2, 3]),
        "nested": {"lists": [[], [[1]]], "dictionaries": {}}, "shared": [shared, shared],
        "keys": {0: "int", -5: "negative", 2.5: "float", None: "none", "0": "text"},
        "ordered": OrderedDict([("b", 1), ("a", 2)]), "counter": Counter({30: 1, 80: 2}),
        "many": list(range(3000)), "wide": {f"key {i}": i for i in range(3000)},
    }


class Call:
    """Pickles as a call of anything."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def train(model, optimizer, steps):
    torch.manual_seed(1)
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.randn(5, 4)).square().mean().backward()
        optimizer.step()


def model_and_optimizers():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    return model, {
        "adamw": torch.optim.AdamW(model.parameters(), lr=0.01),
        "sgd": torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9),
    }


def write(folder):
    torch.manual_seed(0)
    torch.save(tensors(), f"{folder}/tensors.pt")
    torch.save(values(), f"{folder}/values.pt")
    torch.save(torch.ones(2), f"{folder}/bare.pt")
    for name in ["adamw", "sgd"]:
        model, optimizers = model_and_optimizers()
        train(model, optimizers[name], 3)
        schedule = torch.optim.lr_scheduler.MultiStepLR(optimizers[name], [30, 80])
        torch.save(
            {"model": model.state_dict(), "optimizer": optimizers[name].state_dict(),
             "schedule": schedule.state_dict(), "epoch": 3}, f"{folder}/{name}.pt")
    pwned = f"{folder}/pwned"
    hostile = {
        "system": Call(os.system, f"touch {pwned}"),
        "eval": Call(builtins.eval, f"open({pwned!r}, 'w')"),
        "exec": Call(builtins.exec, f"open({pwned!r}, 'w')"),
        "popen": Call(subprocess.Popen, ["touch", pwned]),
        "getattr": Call(builtins.getattr, str, "upper"),
        "load": Call(torch.load, pwned),
    }
    for name, value in hostile.items():
        torch.save({"model": torch.ones(2), "x": value}, f"{folder}/refused-{name}.pt")
    for protocol in [4, 5]:
        torch.save(torch.ones(2), f"{folder}/refused-protocol{protocol}.pt", pickle_protocol=protocol)
    torch.save(torch.nn.Linear(2, 2), f"{folder}/refused-module.pt")
    with zipfile.ZipFile(f"{folder}/bare.pt") as old:
        # Python's own zip files are read, without alignment as well.
        with zipfile.ZipFile(f"{folder}/rezipped.pt", "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))


def describe(value, prefix="", memories=None):
    """One line for each value; what shares memory has the same number behind the @."""
    memories = {} if memories is None else memories
    if isinstance(value, torch.Tensor):
        memory = memories.setdefault(value.untyped_storage()._cdata, len(memories))
        raw = value.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()
        shape, strides = list(value.shape), list(value.stride())
        name = str(value.dtype).removeprefix("torch.")
        yield (f"{prefix} tensor {name} {shape} {strides} {value.storage_offset()} "
               f"{str(value.requires_grad).lower()} @{memory} {raw}")
    elif isinstance(value, dict):
        yield f"{prefix} dictionary {len(value)}"
        for key, element in value.items():
            yield from describe(key, f"{prefix}.key")
            yield from describe(element, f"{prefix}.value", memories)
    elif isinstance(value, (list, tuple)):
        yield f"{prefix} {'list' if isinstance(value, list) else 'tuple'} {len(value)}"
        for element in value:
            yield from describe(element, f"{prefix}.element", memories)
    elif isinstance(value, float):
        yield f"{prefix} float {struct.pack('>d', value).hex()}"
    elif isinstance(value, str):
        yield f"{prefix} string {value.encode().hex()}"
    else:
        yield f"{prefix} {type(value).__name__} {value}".lower()


def load(path):
    value = torch.load(path, weights_only=True)
    lines = list(describe(value))
    if list(describe(torch.load(path, weights_only=True, mmap=True))) != lines:
        raise SystemExit(f"{path} is another when it is mapped")
    return value, lines


def resume(folder, name):
    ends = []
    for prefix in ["", "again-"]:
        checkpoint, _ = load(f"{folder}/{prefix}{name}.pt")
        model, optimizers = model_and_optimizers()
        model.load_state_dict(checkpoint["model"])
        optimizers[name].load_state_dict(checkpoint["optimizer"])
        train(model, optimizers[name], 3)
        ends.append(list(describe(model.state_dict())))
    if ends[0] != ends[1]:
        raise SystemExit("the two runs end with different weights")
    print(name, checkpoint["epoch"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["write", "describe", "resume"])
    parser.add_argument("path")
    parser.add_argument("more", nargs="*")
    arguments = parser.parse_args()
    if arguments.what == "write":
        write(arguments.path)
    elif arguments.what == "describe":
        sys.stdout.write("\n\n".join("\n".join(load(path)[1]) for path in [arguments.path, *arguments.more]))
    else:
        for name in arguments.more:
            resume(arguments.path, name)


if __name__ == "__main__":
    main()
