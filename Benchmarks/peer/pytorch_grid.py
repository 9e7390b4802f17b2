"""Writes many PyTorch files of every kind, and says what torch.load(weights_only=True) makes of each.

    pytorch_grid.py write FOLDER           the files
    pytorch_grid.py describe FOLDER        for each file its name, "read" or "refused", and the lines of what
                                           was read or the first line of the error; an empty line between files

The two are separate processes, because creating some values makes torch.load accept them.
"""

import argparse
import collections
import copyreg
import datetime
import enum
import io
import itertools
import os
import pathlib
import pickle
import struct
import sys
import types
import warnings
import zipfile

import torch

import pytorch_file

warnings.simplefilter("ignore")

INTEGERS = ["uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "bfloat16", "float32", "float64"]
FLOAT8 = ["float8_e5m2", "float8_e4m3fn", "float8_e5m2fnuz", "float8_e4m3fnuz", "float8_e8m0fnu"]
COMPLEX = ["complex32", "complex64", "complex128"]
TENSORS = [*INTEGERS, *FLOATS, "bool", *FLOAT8, *COMPLEX]
"""The element types that Lockstep has."""
QUANTIZED = ["qint8", "quint8", "qint32"]
OTHERS = ["bits1x8", "bits2x4", "bits4x2", "bits8", "bits16", "float4_e2m1fn_x2"]
ALL = [*TENSORS, *QUANTIZED, "quint4x2", "quint2x4", *OTHERS,
       *[f"{sign}int{bits}" for sign in ["u", ""] for bits in range(1, 8)]]


def tensor(dtype, *shape):
    """A tensor of distinct elements of a type."""
    kind = getattr(torch, dtype)
    count = 1
    for size in shape:
        count *= size
    if dtype in FLOAT8:
        return (torch.arange(count, dtype=torch.uint8) + 40).view(kind).reshape(shape)
    values = torch.arange(count, dtype=torch.float64).reshape(shape)
    return torch.complex(values, -values).to(kind) if dtype in COMPLEX else values.to(kind)


def tensors():
    for dtype in TENSORS:
        matrix = tensor(dtype, 3, 4)
        yield f"{dtype}-matrix", matrix
        yield f"{dtype}-transposed", matrix.t()
        yield f"{dtype}-column", matrix[:, 2]
        yield f"{dtype}-block", matrix[1:, 1:3]
        yield f"{dtype}-steps", tensor(dtype, 12)[1::3]
        yield f"{dtype}-expanded", tensor(dtype, 1).expand(3)
        yield f"{dtype}-scalar", tensor(dtype, 1)[0]
        yield f"{dtype}-empty", tensor(dtype, 0, 4)
        yield f"{dtype}-attributes", with_attributes(tensor(dtype, 2))
        yield f"{dtype}-shared", [matrix, matrix[0], matrix]
        yield f"{dtype}-buffer", torch.nn.Buffer(tensor(dtype, 2))
        yield f"{dtype}-frozen", torch.nn.Parameter(tensor(dtype, 2), requires_grad=False)
        if dtype in FLOATS or dtype in COMPLEX:
            yield f"{dtype}-parameter", torch.nn.Parameter(tensor(dtype, 2))
            yield f"{dtype}-requires", tensor(dtype, 2).requires_grad_()
            yield f"{dtype}-parameter-attributes", with_attributes(torch.nn.Parameter(tensor(dtype, 2)))
        if dtype in COMPLEX[1:]:
            yield f"{dtype}-conjugate", tensor(dtype, 3, 2).conj()
            yield f"{dtype}-conjugate-view", tensor(dtype, 3, 2).conj().t()[1:]
            yield f"{dtype}-negative", tensor(dtype, 3, 2).conj().imag
            yield f"{dtype}-real", tensor(dtype, 3, 2).real
            yield f"{dtype}-imaginary", tensor(dtype, 3, 2).imag
    for dtype in OTHERS:
        yield f"{dtype}-tensor", torch.zeros(4, dtype=torch.uint8).view(torch.bits8) if dtype == "bits8" \
            else torch.empty(4, dtype=getattr(torch, dtype))
    for dtype in QUANTIZED:
        kind = getattr(torch, dtype)
        yield f"{dtype}-per-tensor", torch.quantize_per_tensor(torch.arange(6.0).reshape(2, 3), 0.1, 3, kind)
        yield f"{dtype}-per-channel", torch.quantize_per_channel(
            torch.arange(6.0).reshape(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, kind)
        yield f"{dtype}-beside", {"q": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, kind), "w": torch.ones(2)}
    for dtype in [*FLOATS, "int64", "bool", "complex64"]:
        dense = tensor(dtype, 4, 4)
        yield f"{dtype}-coo", dense.to_sparse()
        yield f"{dtype}-coo-uncoalesced", torch.sparse_coo_tensor(torch.tensor([[0, 0]]), tensor(dtype, 2), (3,))
        yield f"{dtype}-hybrid", dense.to_sparse(1)
        for layout in ["csr", "csc"]:
            yield f"{dtype}-{layout}", getattr(dense, f"to_sparse_{layout}")()
        if dtype != "bool":
            for layout in ["bsr", "bsc"]:
                yield f"{dtype}-{layout}", getattr(dense, f"to_sparse_{layout}")((2, 2))
        yield f"{dtype}-sparse-beside", {"sparse": dense.to_sparse(), "w": torch.ones(2)}
    yield "sparse-parameter", torch.nn.Parameter(torch.eye(3).to_sparse())
    for dtype in [*FLOATS, "int64", "uint16", "int8"]:
        yield f"{dtype}-meta", torch.empty(2, 3, dtype=getattr(torch, dtype), device="meta")
    yield "meta-parameter", torch.nn.Parameter(torch.empty(2, 3, device="meta"))
    yield "meta-beside", {"meta": torch.empty(2, device="meta"), "w": torch.ones(2)}
    yield "nested-strided", torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    yield "nested-jagged", torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=torch.jagged)
    yield "bits-of-two-types", bits_of_two_types()
    yield "typed-storage", tensor("float32", 3).storage()
    yield "untyped-storage", tensor("float32", 3).untyped_storage()
    yield "storage-beside", storage_beside()
    for shape in [(1,), (1, 1, 1, 1), (2, 0, 3), (7,), (2, 3, 4, 5), (1,) * 20, (100, 100)]:
        yield f"shape-{'x'.join(map(str, shape))}", tensor("float32", *shape)
    yield "channels-last", torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    yield "special", torch.tensor([float("nan"), float("inf"), -float("inf"), -0.0, 5e-324, 1e308])


def bits_of_two_types():
    memory = torch.arange(8, dtype=torch.uint8)
    return [memory, memory.view(torch.uint16)]


def storage_beside():
    vector = torch.arange(3.0)
    return {"storage": vector.storage(), "vector": vector}


def with_attributes(value):
    value.note = "text"
    value.numbers = [1, 2]
    return value


def plain():
    yield from {
        "none": None, "true": True, "false": False, "text": "ключ \"\\\n\0", "no-text": "", "emoji": "👩‍👩‍👧",
        "long-text": "x" * 70_000, "surrogate": "a\ud800b", "surrogates": "\udfff\ud800", "zero": 0.0,
        "negative-zero": -0.0, "nan": float("nan"), "infinity": -float("inf"), "denormal": 5e-324,
        "list": [1, [2, [3]]], "tuple": (1, (2,), ()), "four": (1, 2, 3, 4), "many": list(range(3000)),
        "wide": {f"key {i}": i for i in range(3000)}, "ordered": collections.OrderedDict(b=1, a=2),
        "ordered-empty": collections.OrderedDict(), "counter": collections.Counter("abca"),
        "counter-empty": collections.Counter(), "size": torch.Size([2, 3]), "size-empty": torch.Size([]),
        "set": {1, 2, 3}, "set-text": {"a", "b"}, "set-empty": set(), "set-mixed": {None, 1.5, "x", (1, 2)},
        "set-dtypes": {torch.float32, torch.int8}, "complex": 1 + 2j, "complex-zero": 0j, "complex-nan": complex("nan+infj"),
        "bytes": b"ab\xff\0", "bytes-long": bytes(range(256)) * 3, "bytearray": bytearray(b"ab\xff"),
        "bytearray-empty": bytearray(), "dtype-in-list": [torch.float32, torch.float32, torch.int64],
        "device-cpu": torch.device("cpu"), "device-cuda": torch.device("cuda"), "device-cuda-1": torch.device("cuda:1"),
        "device-mps": torch.device("mps"), "device-meta": torch.device("meta"), "device-xla": torch.device("xla:0"),
        "key-tuple": {(1, "a"): 1}, "key-nested-tuple": {((1,), (2, (3,))): 1}, "key-none": {None: 1},
        "key-bool": {True: "t", 0: "f"}, "key-float": {2.5: 1}, "key-dtype": {torch.float16: 1}, "key-bytes": {b"a": 1},
        "key-device": {torch.device("cpu"): 1}, "key-complex": {1j: 1}, "key-tensor": {torch.ones(2): 1},
        "key-large": {2**70: 1}, "key-size": {torch.Size([1]): 1}, "key-surrogate": {"\ud800": 1},
        "key-nan": {float("nan"): 1}, "key-class": {torch.Tensor: 1}, "key-mixed": {1: 1, "1": 2, (1,): 3},
        "class-parameter": torch.nn.Parameter, "class-tensor": torch.Tensor, "class-float": torch.FloatTensor,
        "class-size": torch.Size, "class-device": torch.device, "class-ordered": collections.OrderedDict,
        "class-counter": collections.Counter, "class-set": set, "class-complex": complex, "class-bytearray": bytearray,
        "class-storage": torch.FloatStorage, "class-untyped": torch.UntypedStorage, "class-sparse": torch.sparse.FloatTensor,
        "function-rebuild": torch._utils._rebuild_tensor_v2, "function-parameter": torch._utils._rebuild_parameter,
        "function-layout": torch.serialization._get_layout, "scheme": torch.per_tensor_affine,
        "scheme-channel": torch.per_channel_affine, "shared-list": shared_list(), "cycle-list": cycle_list(),
        "cycle-dictionary": cycle_dictionary(), "cycle-deep": cycle_deep(), "deep": deep(300),
        "beside": {"w": torch.ones(2), "dtype": torch.bfloat16, "device": torch.device("cuda:0"), "set": {1}},
    }.items()
    for bits in [7, 8, 15, 16, 31, 32, 53, 62, 63, 64, 65, 127, 128, 500, 1000, 2031, 2032, 2039, 2040, 3000]:
        for sign, step in itertools.product([1, -1], [-1, 0, 1]):
            yield f"integer-{'minus-' if sign < 0 else ''}{bits}{step:+}", sign * 2**bits + step
    for dtype in ALL:
        yield f"dtype-{dtype}", getattr(torch, dtype)
    for layout in ["strided", "sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc", "_mkldnn", "jagged"]:
        yield f"layout-{layout}", getattr(torch, layout)


def shared_list():
    shared = [1]
    return [shared, shared, {"again": shared}]


def cycle_list():
    value = [1]
    value.append(value)
    return value


def cycle_dictionary():
    value = {"a": 1}
    value["self"] = value
    return value


def cycle_deep():
    inner = [1]
    outer = {"list": [inner], "w": torch.ones(1)}
    inner.append(outer)
    return outer


def deep(count):
    value = []
    for _ in range(count):
        value = [value]
    return value


class Color(enum.Enum):
    RED = 1


class Custom:
    pass


class CustomDict(dict):
    pass


class CustomTensor(torch.Tensor):
    pass


Point = collections.namedtuple("Point", "x y")


def refused():
    yield from {
        "namespace": argparse.Namespace(a=1), "simple-namespace": types.SimpleNamespace(a=1),
        "defaultdict": collections.defaultdict(list, a=[1]), "defaultdict-int": collections.defaultdict(int),
        "deque": collections.deque([1]), "frozenset": frozenset([1]), "bytes-empty": b"", "range": range(3),
        "slice": slice(1), "ellipsis": ..., "path": pathlib.PurePosixPath("a"), "datetime": datetime.datetime(2020, 1, 1),
        "date": datetime.date(2020, 1, 1), "enum": Color.RED, "custom": Custom(), "custom-dict": CustomDict(a=1),
        "custom-tensor": torch.ones(2).as_subclass(CustomTensor), "namedtuple": Point(1, 2), "class-int": int,
        "class-list": list, "function-print": print, "function-system": os.system, "module": torch.nn.Linear(2, 2),
        "sequential": torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU()), "generator": torch.Generator(),
        "optimizer": torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1), "chain": itertools.chain([1]),
        "error": ValueError("x"), "notimplemented": NotImplemented, "decimal": __import__("decimal").Decimal("1.5"),
        "fraction": __import__("fractions").Fraction(1, 2), "uuid": __import__("uuid").UUID(int=1),
        "exit": pytorch_file.Call(os._exit, 1), "eval": pytorch_file.Call(eval, "1"), "integer-long": 2**3000,
    }.items()
    try:
        import numpy
    except ImportError:
        return
    yield from {
        "numpy-array": numpy.ones(2), "numpy-scalar": numpy.float32(1), "numpy-int": numpy.int64(1), "numpy-bool": numpy.bool_(True),
        "numpy-dtype": numpy.dtype("float32"), "numpy-random": numpy.random.RandomState(0).get_state(),
        "numpy-class": numpy.float32,
    }.items()


def checkpoints():
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.LazyLinear(3), torch.nn.LSTM(3, 2))
    model[:4](torch.ones(2, 1, 5, 5))
    yield "state-dict", model.state_dict()
    yield "state-dict-lists", {"layers": [layer.state_dict() for layer in model]}
    for name in ["SGD", "Adam", "AdamW", "Adagrad", "Adadelta", "RMSprop", "Rprop", "NAdam", "RAdam", "ASGD", "Adamax"]:
        linear = torch.nn.Linear(3, 2)
        optimizer = getattr(torch.optim, name)(linear.parameters(), lr=0.1)
        linear(torch.ones(1, 3)).sum().backward()
        optimizer.step()
        yield f"optimizer-{name}", {"model": linear.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}
        for schedule in [torch.optim.lr_scheduler.StepLR(optimizer, 3), torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10),
                         torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])]:
            yield f"schedule-{name}-{type(schedule).__name__}", schedule.state_dict()
    lora = {"rank": 4, "dtype": torch.bfloat16, "targets": {"q", "v"}, "w": torch.ones(2)}
    yield "adapter", lora
    yield "random-state", {"cpu": torch.get_rng_state(), "python": __import__("random").Random(0).getstate()}
    yield "amp", {"scaler": torch.amp.GradScaler("cpu").state_dict(), "autocast": torch.float16}


def values():
    for group in [tensors, plain, refused, checkpoints]:
        for name, value in group():
            yield f"{group.__name__}-{name}", value


# Pickles that this version of PyTorch does not write: of older versions, of Python 2, and broken ones.

FLOAT_STORAGE = b"(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\x000X\3\0\0\0cpuK\4tQ"
FOUR = struct.pack("<4f", 1, 2, 3, 4)


def crafted():
    """Pickles without protocol and stop."""
    v2 = b"ctorch._utils\n_rebuild_tensor_v2\n(" + FLOAT_STORAGE
    hooks = b"ccollections\nOrderedDict\n)R"
    dense = v2 + b"K\0K\4\x85K\1\x85\x89" + hooks + b"tR"
    return {
        "tensor-v1": b"ctorch._utils\n_rebuild_tensor\n(" + FLOAT_STORAGE + b"K\0K\4\x85K\1\x85tR",
        "tensor-v2": dense,
        "tensor-v2-metadata": v2 + b"K\0K\4\x85K\1\x85\x89" + hooks + b"}tR",
        "tensor-v2-negative": v2 + b"K\0K\4\x85K\1\x85\x89" + hooks + b"}X\3\0\0\0neg\x88stR",
        "tensor-v2-hooks-none": v2 + b"K\0K\4\x85K\1\x85\x89NtR",
        "tensor-v2-five": v2 + b"K\0K\4\x85K\1\x85\x89tR",
        "tensor-integer-size": v2 + b"K\0K\4K\1\x85\x89" + hooks + b"tR",
        "tensor-list-size": v2 + b"K\0]K\4a]K\1a\x89" + hooks + b"tR",
        "tensor-python-2": b"ctorch\nFloatTensor\n)R(" + FLOAT_STORAGE + b"K\0K\4\x85K\1\x85tb",
        "tensor-class": b"ctorch\nTensor\n)R(" + FLOAT_STORAGE + b"K\0K\2K\2\x86K\2K\1\x86tb",
        "tensor-class-new": b"ctorch\nTensor\n)\x81(" + FLOAT_STORAGE + b"K\0K\2K\2\x86K\2K\1\x86tb",
        "parameter-python-2": b"ctorch.nn.parameter\nParameter\n)\x81(" + dense + b"N" + hooks + b"\x88\x89tb",
        "parameter-rebuild": b"ctorch._utils\n_rebuild_parameter\n" + dense + b"\x88" + hooks + b"\x87R",
        "parameter-class": b"ctorch.nn.parameter\nParameter\n" + dense + b"\x85R",
        "parameter-false": b"ctorch.nn.parameter\nParameter\n" + dense + b"\x89\x86R",
        "parameter-of-number": b"ctorch.nn.parameter\nParameter\nK\1\x85R",
        "cuda-storage": dense.replace(b"ctorch\nFloat", b"ctorch.cuda\nFloat"),
        "location-bytes": dense.replace(b"X\3\0\0\0cpu", b"U\3cpu"),
        "key-integer": dense.replace(b"X\1\0\0\x000", b"K\0"),
        "storage-name-bytes": dense.replace(b"X\7\0\0\0storage", b"U\7storage"),
        "storage-missing": dense.replace(b"X\1\0\0\x000", b"X\1\0\0\x001"),
        "storage-name-other": dense.replace(b"X\7\0\0\0storage", b"U\7storagE"),
        "device-tensor": b"ctorch._utils\n_rebuild_device_tensor_from_cpu_tensor\n(" + dense + b"ctorch\nfloat32\nX\5\0\0\0xla:0\x89tR",
        "device-numpy": b"ctorch._utils\n_rebuild_device_tensor_from_numpy\n(]ctorch\nfloat32\nX\3\0\0\0cpu\x89tR",
        "meta": b"ctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nfloat32\nK\4\x85K\1\x85\x88tR",
        "wrapper": b"ctorch._utils\n_rebuild_wrapper_subclass\n(ctorch\nTensor\nctorch\nfloat32\nK\4\x85K\1\x85K\0"
                   b"ctorch.serialization\n_get_layout\nX\x0d\0\0\0torch.strided\x85RX\3\0\0\0cpu\x89tR",
        "ordered-pairs": b"ccollections\nOrderedDict\n]]U\1aK\1ea]U\1bK\2ea\x85R",
        "ordered-tuples": b"ccollections\nOrderedDict\n]U\1aK\1\x86a\x85R",
        "ordered-dictionary": b"ccollections\nOrderedDict\n}U\1aK\1s\x85R",
        "ordered-number": b"ccollections\nOrderedDict\nK\1\x85R",
        "ordered-attributes": b"ccollections\nOrderedDict\n)RX\1\0\0\0aK\1s}X\x09\0\0\0_metadataK\1sb",
        "ordered-new": b"ccollections\nOrderedDict\n)\x81X\1\0\0\0aK\1s",
        "counter-new": b"ccollections\nCounter\n)\x81X\1\0\0\0aK\1s",
        "counter-attributes": b"ccollections\nCounter\n)R}X\1\0\0\0aK\1sb",
        "dictionary-attributes": b"}}b", "list-attributes": b"]}b",
        "set-empty": b"\x8f", "set-class": b"cbuiltins\nset\n)R", "set-python-2": b"c__builtin__\nset\n]K\1aK\1aK\2a\x85R",
        "set-unhashable": b"c__builtin__\nset\n]]a\x85R", "complex": b"c__builtin__\ncomplex\nG?\xf0\0\0\0\0\0\0K\2\x86R",
        "bytes": b"c_codecs\nencode\nX\4\0\0\0ab\xc3\xbfX\6\0\0\0latin1\x86R",
        "bytes-not-latin": b"c_codecs\nencode\nX\3\0\0\0\xe2\x82\xacX\6\0\0\0latin1\x86R",
        "bytes-utf8": b"c_codecs\nencode\nX\3\0\0\0\xe2\x82\xac\x85R",
        "device-two": b"ctorch\ndevice\nX\4\0\0\0cudaK\1\x86R", "device-unknown": b"ctorch\ndevice\nX\4\0\0\0tofu\x85R",
        "layout-unknown": b"ctorch.serialization\n_get_layout\nX\4\0\0\0tofu\x85R", "size": b"ctorch\nSize\nK\2K\3\x86\x85R",
        "size-new": b"ctorch\nSize\nK\2K\3\x86\x85\x81", "size-text": b"ctorch\nSize\nX\1\0\0\0a\x85\x85R",
        "duplicate-key": b"}(K\1X\1\0\0\0aK\2NK\1X\1\0\0\0bu", "equal-keys": b"}(K\1NG?\xf0\0\0\0\0\0\0K\2\x88K\3u",
        "unhashable-key": b"}]Ns", "unhashable-tuple-key": b"}]\x85Ns", "short-string": b"U\3abc", "short-string-utf8": b"U\2\xc3\xa9",
        "short-string-latin": b"U\1\xe9", "string": b"T\3\0\0\0abc", "binary-bytes": b"C\1a", "integer-text": b"I1\n",
        "long-text": b"L1L\n", "long4": b"\x8b\1\0\0\0\1", "invalid-utf8": b"X\1\0\0\0\xff", "append-to-tuple": b")Na",
        "memo": b"]q\5h\5\x86", "long-memo": b"]r\5\0\0\0j\5\0\0\0\x86", "memo-missing": b"h\5", "dup": b"N2\x86", "pop": b"NN0",
        "frame": b"\x95\1\0\0\0\0\0\0\0N", "short-unicode": b"\x8c\1a", "memoize": b"N\x94", "dtype-call": b"ctorch\nfloat32\n)R",
        "number-call": b"K\1)R", "build-number": b"K\1}b", "name-split": b"ctorch\n_utils._rebuild_parameter\n", "name-empty": b"c\n\n",
        "dtype-alias": b"ctorch\nhalf\n", "jagged": b"ctorch.nested._internal.nested_tensor\n_rebuild_njt\n",
        "sparse-class": b"ctorch.sparse\nFloatTensor\n)R",
    }


def write_zip(path, pickled, storages=None, root="archive", method=zipfile.ZIP_STORED, comment=b"", extra=None, folders=False):
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.comment = comment
        if folders:
            archive.mkdir(root)
            archive.mkdir(f"{root}/data")
        archive.writestr(f"{root}/data.pkl", pickled)
        for name, content in {"version": b"3\n", **(extra or {})}.items():
            if content is not None:
                archive.writestr(f"{root}/{name}", content)
        for key, content in (storages or {}).items():
            archive.writestr(f"{root}/data/{key}", content)


def records(value):
    """The pickle and the storages of a value."""
    file = io.BytesIO()
    torch.save(value, file)
    archive = zipfile.ZipFile(file)
    names = [name for name in archive.namelist() if name.startswith("archive/data/")]
    return archive.read("archive/data.pkl"), {name.removeprefix("archive/data/"): archive.read(name) for name in names}


def archives(folder):
    """Files whose archive differs from torch.save's."""
    for index, (name, value) in enumerate({
        "tensors": {"w": torch.arange(12.0).reshape(3, 4), "i": torch.arange(5), "h": torch.ones(3, dtype=torch.float16)},
        "complex": torch.arange(4.0).to(torch.complex64), "uint16": torch.arange(4).to(torch.uint16),
        "repetitive": {"w": torch.zeros(10_000), "n": list(range(2000))}, "random": {"w": torch.rand(5_000)},
        "plain": {"a": [1, 2.5, "x"]},
    }.items()):
        pickled, storages = records(value)
        variants = {
            "stored": {}, "deflated": {"method": zipfile.ZIP_DEFLATED}, "comment": {"comment": b"a comment"},
            "deflated-comment": {"method": zipfile.ZIP_DEFLATED, "comment": b"PK\5\6" * 10}, "root": {"root": "my model"},
            "folders": {"folders": True}, "bzip2": {"method": zipfile.ZIP_BZIP2}, "lzma": {"method": zipfile.ZIP_LZMA},
            "little": {"extra": {"byteorder": b"little"}}, "big": {"extra": {"byteorder": b"big"}},
            "middle": {"extra": {"byteorder": b"middle"}}, "version-1": {"extra": {"version": b"1\n"}},
            "version-10": {"extra": {"version": b"10"}}, "version-11": {"extra": {"version": b"11\n"}},
            "version-0": {"extra": {"version": b"0\n"}}, "version-none": {"extra": {"version": None}},
            "version-hidden": {"extra": {"version": None, ".data/version": b"3\n"}},
            "script": {"extra": {"constants.pkl": b"\x80\2)."}}, "format": {"extra": {".format_version": b"1", ".storage_alignment": b"64"}},
        }
        for variant, options in variants.items():
            write_zip(f"{folder}/archive-{name}-{variant}.pt", pickled, storages, **options)
        whole = open(f"{folder}/archive-{name}-stored.pt", "rb").read()
        open(f"{folder}/archive-{name}-trailing.pt", "wb").write(whole + b"more")
        for part in [10, len(whole) // 2, len(whole) - 1]:
            open(f"{folder}/archive-{name}-first-{index}-{part}.pt", "wb").write(whole[:part])
        torch.save(value, f"{folder}/archive-{name}-unordered.pt", _disable_byteorder_record=True)


def files(folder):
    """Files that are not PyTorch's."""
    for name, content in {
        "empty": b"", "zeros": bytes(1000), "html": b"<!DOCTYPE html><html></html>" * 20, "html-space": b"\n <html>",
        "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "xml": b"<?xml version='1.0'?><Error/>",
        "json": b'{"a": 1}', "gzip": b"\x1f\x8b\x08" + bytes(100), "numpy": b"\x93NUMPY\1\0" + bytes(100), "gguf": b"GGUF" + bytes(100),
        "text": b"hello", "pickle": pickle.dumps({"a": 1}, protocol=2), "pickle-4": pickle.dumps([1, 2], protocol=4),
        "pickle-0": pickle.dumps([1, 2], protocol=0), "zip": b"PK\5\6" + bytes(18),
    }.items():
        open(f"{folder}/file-{name}.pt", "wb").write(content)


def legacy_crafted(folder):
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2)
    info = pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, protocol=2)
    storage = FLOAT_STORAGE.removesuffix(b"tQ") + b"NtQ"
    view = FLOAT_STORAGE.removesuffix(b"tQ") + b"X\1\0\0\x001K\1K\2\x87tQ"
    build = b"\x80\2ctorch._utils\n_rebuild_tensor\n("
    keys = pickle.dumps(["0"], protocol=2)
    data = struct.pack("<q", 4) + FOUR
    for name, content in {
        "tensor": magic + info + build + storage + b"K\0K\4\x85K\1\x85tR." + keys + data,
        "view": magic + info + build + view + b"K\0K\2\x85K\1\x85tR." + keys + data,
        "view-and-whole": magic + info + build + view + b"K\0K\2\x85K\1\x85tR" + build[2:] + storage + b"K\0K\4\x85K\1\x85tR\x86." + keys + data,
        "keys-missing": magic + info + build + storage + b"K\0K\4\x85K\1\x85tR.",
        "keys-other": magic + info + build + storage + b"K\0K\4\x85K\1\x85tR." + pickle.dumps(["1"], protocol=2) + data,
        "short": magic + info + build + storage + b"K\0K\4\x85K\1\x85tR." + keys + data[:-3],
        "count": magic + info + build + storage + b"K\0K\4\x85K\1\x85tR." + keys + struct.pack("<q", 5) + FOUR + FOUR,
        "trailing": magic + info + build + storage + b"K\0K\4\x85K\1\x85tR." + keys + data + b"more",
        "version": pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1002, protocol=2) + info + b"N.",
        "magic": pickle.dumps(0x1950A86A20F9469CFC6D, protocol=2) + pickle.dumps(1001, protocol=2) + info + b"N.",
        "plain": magic + info + b"\x80\2K\1." + pickle.dumps([], protocol=2), "python-2": magic + info + b"\x80\2}U\1aK\1s." + pickle.dumps([], protocol=2),
    }.items():
        open(f"{folder}/legacy-crafted-{name}.pt", "wb").write(content)


def write(folder):
    for name, value in values():
        for prefix, options in {"zip": {}, "legacy": {"_use_new_zipfile_serialization": False}}.items():
            save(value, f"{folder}/{prefix}-{name}.pt", **options)
        if name.startswith(("plain-", "checkpoints-", "tensors-float32", "tensors-uint16")):
            for protocol in [0, 1, 3, 4, 5]:
                save(value, f"{folder}/protocol-{protocol}-{name}.pt", pickle_protocol=protocol)
    for name, content in crafted().items():
        write_zip(f"{folder}/crafted-{name}.pt", b"\x80\2" + content + b".", {"0": FOUR})
        write_zip(f"{folder}/crafted-in-dictionary-{name}.pt", b"\x80\2}X\1\0\0\0x" + content + b"s.", {"0": FOUR})
    archives(folder)
    files(folder)
    legacy_crafted(folder)


def save(value, path, **options):
    """Some values cannot be saved; they make no file."""
    try:
        torch.save(value, path, **options)
    except Exception:
        if os.path.exists(path):
            os.remove(path)


def lines(value, prefix="", memories=None, parents=()):
    """Like pytorch_file.describe, for every value that torch.load(weights_only=True) can return."""
    memories = {} if memories is None else memories
    if isinstance(value, (list, tuple, dict)) and any(value is parent for parent in parents):
        yield f"{prefix} cycle"
        return
    parents = (*parents, value)
    if isinstance(value, torch.Tensor):
        yield tensor_line(value, prefix, memories)
    elif isinstance(value, dict):
        yield f"{prefix} dictionary {len(value)}"
        for key, element in value.items():
            yield from lines(key, f"{prefix}.key", memories)
            yield from lines(element, f"{prefix}.value", memories, parents)
    elif isinstance(value, (list, tuple)):
        yield f"{prefix} {'list' if isinstance(value, list) else 'tuple'} {len(value)}"
        for element in value:
            yield from lines(element, f"{prefix}.element", memories, parents)
    elif isinstance(value, set):
        yield f"{prefix} set {len(value)}"
        yield from sorted("\n".join(lines(element, f"{prefix}.element")) for element in value)
    elif isinstance(value, bool) or value is None:
        yield f"{prefix} {type(value).__name__} {value}".lower()
    elif isinstance(value, int):
        yield f"{prefix} int {value}"
    elif isinstance(value, float):
        yield f"{prefix} float {struct.pack('>d', value).hex()}"
    elif isinstance(value, complex):
        yield f"{prefix} complex {struct.pack('>2d', value.real, value.imag).hex()}"
    elif isinstance(value, str):
        yield f"{prefix} string {value.encode('utf-8', 'surrogatepass').hex()}"
    elif isinstance(value, (bytes, bytearray)):
        yield f"{prefix} {type(value).__name__} {value.hex()}"
    elif isinstance(value, (torch.dtype, torch.layout, torch.qscheme)):
        yield f"{prefix} {type(value).__name__} {value}"
    elif isinstance(value, torch.device):
        yield f"{prefix} device {value}"
    elif isinstance(value, (torch.storage.TypedStorage, torch.storage.UntypedStorage)):
        yield f"{prefix} storage {bytes(value.untyped()).hex()}"
    elif isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, torch.serialization.StorageType,
                            type(torch.FloatTensor))):
        yield f"{prefix} global"
    else:
        raise SystemExit(f"{prefix}: no line for {type(value)}")


def tensor_line(value, prefix, memories):
    name = str(value.dtype).removeprefix("torch.")
    if value.layout != torch.strided or value.is_nested or value.is_quantized or value.device.type == "meta" or name not in TENSORS:
        return f"{prefix} opaque tensor"
    shape = list(value.shape)
    marked = value.is_neg() or value.is_conj()
    plain = value.detach().resolve_conj().resolve_neg()
    raw = bytes(plain.clone(memory_format=torch.contiguous_format).untyped_storage()).hex()
    gradient = str(value.requires_grad).lower()
    if not value.numel():
        return f"{prefix} tensor {name} {shape} {gradient} "
    if marked:
        # Lockstep has a copy of it.
        stored = value.detach()
        copy = torch.conj_physical(stored.conj()) if value.is_conj() else torch.neg(torch._neg_view(stored))
        memories[object()] = len(memories)
        return f"{prefix} tensor {name} {shape} {list(copy.stride())} 0 {gradient} @{len(memories) - 1} {raw}"
    memory = memories.setdefault(value.untyped_storage()._cdata, len(memories))
    return f"{prefix} tensor {name} {shape} {list(value.stride())} {value.storage_offset()} {gradient} @{memory} {raw}"


def describe(folder):
    blocks = []
    for name in sorted(os.listdir(folder)):
        try:
            value = torch.load(f"{folder}/{name}", weights_only=True, map_location="cpu")
            blocks.append("\n".join([name, "read", *lines(value)]))
        except Exception as error:
            blocks.append("\n".join([name, "refused", f"{type(error).__name__} {error}".replace("\n", " ")[:300]]))
    sys.stdout.write("\n\n".join(blocks))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["write", "describe"])
    parser.add_argument("folder")
    arguments = parser.parse_args()
    if arguments.what == "write":
        write(arguments.folder)
    else:
        describe(arguments.folder)


if __name__ == "__main__":
    main()
