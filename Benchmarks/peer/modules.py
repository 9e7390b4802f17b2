#!/usr/bin/env python3
"""Checks Swift's modules with PyTorch's database of module inputs (module_db), and with further samples.

    Benchmarks/peer/modules.py PATH/ModuleCalls [--only NAME …] [--samples N] [--every N]

ModuleCalls creates each module with the constructor arguments of a sample. For the same seed its initial state has
to equal PyTorch's to the bit, with the same names, and the module has to be printed alike. With PyTorch's state, its
results, the gradients of inputs and parameters, and the state after the call have to equal PyTorch's: to the bit, or
within the tolerance of torch.testing.assert_close.
"""

import argparse
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import torch
from torch.nn.utils.rnn import PackedSequence

import module_samples
import sequence_samples
from operators import SEED, is_tensor, load_functions, same_bits

BATCH = 300


class Unsendable(Exception):
    pass


def record_constructor_arguments():
    """Makes every module remember its arguments: some modules are arguments of others."""

    def new(cls, *args, **kwargs):
        module = object.__new__(cls)
        object.__setattr__(module, "constructor_arguments", (args, kwargs))
        return module

    torch.nn.Module.__new__ = new


def plain(value):
    """A value that a .pt file can hold and Swift reads."""
    if isinstance(value, PackedSequence):
        return {"packed": [plain(part) for part in value]}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, torch.nn.Module):
        args, kwargs = value.constructor_arguments
        return {
            "module": type(value).__name__, "args": plain(args), "kwargs": named(kwargs),
            "state": {key: tensor.detach().clone() for key, tensor in value.state_dict().items()}}
    if isinstance(value, (torch.device, torch.dtype)):
        return None
    if value is None or isinstance(value, (bool, int, float, str, torch.Tensor)):
        return value
    if hasattr(value, "__name__"):
        return {"function": value.__name__}
    raise Unsendable(f"an argument is a {type(value).__name__}")


def named(kwargs):
    return {key: plain(value) for key, value in kwargs.items() if key not in ("device", "dtype")}


def map_tensors(function, value):
    if is_tensor(value):
        return function(value)
    if isinstance(value, PackedSequence):
        return PackedSequence(*(map_tensors(function, part) for part in value))
    if isinstance(value, (list, tuple)):
        return type(value)(map_tensors(function, item) for item in value)
    if isinstance(value, dict):
        return {key: map_tensors(function, item) for key, item in value.items()}
    return value


def tensors(value):
    """The tensors of a value, in order."""
    if is_tensor(value):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [tensor for item in items for tensor in tensors(item)]


def fresh(tensor):
    """A leaf of the same values; in module_db some inputs are float64, because its tests convert the module."""
    copy = tensor.detach().clone()
    if copy.dtype == torch.float64:
        copy = copy.float()
    return copy.requires_grad_(tensor.requires_grad)


class Sample:
    """One call of a module, and what PyTorch computes."""

    def __init__(self, cls, constructor, forward, training):
        self.name = cls.__name__
        args, kwargs = map_tensors(fresh, (list(constructor.args), dict(constructor.kwargs)))
        inputs, named_inputs = map_tensors(fresh, (list(forward.args), dict(forward.kwargs)))
        sent = {"args": plain(map_tensors(fresh, args)), "kwargs": named(map_tensors(fresh, kwargs))}
        torch.manual_seed(SEED)
        module = cls(*args, **kwargs)
        # A subclass of Linear that is computed alike; quantization tells them apart.
        self.text = str(module).replace("NonDynamicallyQuantizableLinear", "Linear")
        self.initial = {name: value.detach().clone() for name, value in module.state_dict().items()}
        # Other values than those of new modules, which are often 0 or 1.
        generator = torch.Generator().manual_seed(2)
        with torch.no_grad():
            for name, value in module.state_dict().items():
                if value.is_floating_point() and not name.startswith("_"):
                    value.add_(torch.rand(value.shape, dtype=value.dtype, generator=generator), alpha=0.1)
        state = {name: value.detach().clone() for name, value in module.state_dict().items()}
        module.train(training)
        self.entry = {
            "module": self.name, **sent, "training": training, "seed": SEED, "state": state,
            "inputs": plain(map_tensors(fresh, inputs)),
            "namedInputs": named(map_tensors(fresh, named_inputs))}

        torch.manual_seed(SEED)
        outputs = tensors(module(*inputs, **named_inputs))
        generator = torch.Generator().manual_seed(1)
        weights = [
            torch.randn(output.shape, dtype=output.dtype, generator=generator) if output.requires_grad else None
            for output in outputs]
        pairs = [(output, weight) for output, weight in zip(outputs, weights) if weight is not None]
        if pairs:
            torch.autograd.backward([output for output, _ in pairs], [weight for _, weight in pairs])
        self.entry["weights"] = weights
        self.expected = {f"result {index}": output.detach() for index, output in enumerate(outputs)}
        leaves = [leaf for leaf in tensors((inputs, named_inputs)) if leaf.requires_grad]
        self.expected |= {f"gradient of input {index}": leaf.grad for index, leaf in enumerate(leaves)}
        self.expected |= {f"gradient of {name}": value.grad for name, value in module.named_parameters()}
        self.expected |= {f"{name} after the call": value.detach() for name, value in module.state_dict().items()}


def compare(sample, answer):
    """'equal', 'close', or a sentence that says what differs."""
    initial = answer.get("initial")
    if initial is not None:
        if {n: v.shape for n, v in initial.items()} != {n: v.shape for n, v in sample.initial.items()}:
            return f"the state is {shapes(initial)} instead of {shapes(sample.initial)}"
        for name, value in sample.initial.items():
            if not same_bits(initial[name], value):
                return f"the initial {name} is {initial[name].flatten()[:3]} instead of {value.flatten()[:3]}"
    if "error" in answer:
        return answer["error"]
    if plain_numbers(answer["text"]) != plain_numbers(sample.text):
        return f"it is printed as {answer['text']} instead of {sample.text}"
    values = answer["values"]
    if values.keys() != sample.expected.keys():
        missing, unexpected = sample.expected.keys() - values.keys(), values.keys() - sample.expected.keys()
        return f"without {sorted(missing)}, but with {sorted(unexpected)}"
    equal = True
    for what, expected in sample.expected.items():
        value = values[what]
        if (value is None) != (expected is None):
            return f"{what} is {'missing' if value is None else 'unexpected'}"
        if value is None or same_bits(value, expected):
            continue
        equal = False
        try:
            torch.testing.assert_close(value, expected, equal_nan=True)
        except AssertionError as error:
            return f"{what}: {' '.join(str(error).split())[:200]}"
    return "equal" if equal else "close"


def plain_numbers(text):
    """PyTorch prints an integer that was given for a number without a fraction."""
    return re.sub(r"\b(\d+)\.0\b", r"\1", text)


def shapes(state):
    return {name: list(value.shape) for name, value in state.items()}


class Outcome:
    def __init__(self):
        self.modules = collections.defaultdict(collections.Counter)
        self.reasons = {}
        self.failures = []

    def add(self, sample, result):
        kind = result if result in ("equal", "close") else "differs"
        self.modules[sample.name][kind] += 1
        if kind == "differs":
            self.failures.append((sample, result))

    def leave_out(self, name, reason):
        self.modules[name]["left out"] += 1
        self.reasons.setdefault(name, reason)


def run_batch(program, batch, outcome):
    if not batch:
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "calls.pt"), pathlib.Path(folder, "results.pt")
        torch.save([sample.entry for sample in batch], source)
        # The number of threads decides the order of sums, here and there.
        done = subprocess.run(
            [program, source, target], capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
        answers = torch.load(target) if done.returncode == 0 else None
    if answers is not None:
        for sample, answer in zip(batch, answers, strict=True):
            outcome.add(sample, compare(sample, answer))
    elif len(batch) == 1:
        lines = [line for line in done.stderr.splitlines() if "atal error" in line or "error:" in line]
        outcome.add(batch[0], f"the program ended: {(lines or [done.stderr[-200:]])[0]}")
    else:
        half = len(batch) // 2
        run_batch(program, batch[:half], outcome)
        run_batch(program, batch[half:], outcome)


def entries():
    """The modules, each with a function that lists the inputs of a mode."""
    from torch.testing._internal.common_modules import module_db

    for info in module_db:
        def inputs(training, info=info):
            return info.module_inputs_func(
                info, device="cpu", dtype=torch.float32, requires_grad=True, training=training)
        yield "module_db", info.module_cls, inputs
    for source in (module_samples, sequence_samples):
        for cls, samples in source.SAMPLES.items():
            yield "further", cls, lambda training, samples=samples: samples()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the test program ModuleCalls")
    parser.add_argument("--only", nargs="+", help="names of modules")
    parser.add_argument("--samples", type=int, default=0, help="samples of each module and mode (all)")
    parser.add_argument("--every", type=int, default=1, help="take every N-th module")
    parser.add_argument("--failures", type=int, default=60, help="differences that are printed")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    record_constructor_arguments()
    available = load_functions(options.program)
    outcome = Outcome()
    chosen = [e for e in entries() if not options.only or e[1].__name__ in options.only][:: options.every]
    batch = []
    for _, cls, inputs in chosen:
        name = cls.__name__
        if name not in available:
            lazy = name.startswith("Lazy")
            outcome.leave_out(name, "lazy modules have no counterpart" if lazy else "no Swift module in ModuleCalls")
            continue
        for training in (True, False):
            torch.manual_seed(SEED)  # The inputs of module_db are random.
            for number, given in enumerate(inputs(training)):
                if options.samples and number >= options.samples:
                    break
                try:
                    batch.append(Sample(cls, given.constructor_input, given.forward_input, training))
                except Unsendable as error:
                    outcome.leave_out(name, str(error))
                if len(batch) >= BATCH:
                    run_batch(options.program, batch, outcome)
                    batch = []
    run_batch(options.program, batch, outcome)
    report(chosen, outcome, options.failures)


def report(chosen, outcome, limit):
    for sample, reason in outcome.failures[:limit]:
        mode = "training" if sample.entry["training"] else "evaluation"
        arguments = str([sample.entry["args"], sample.entry["kwargs"]])[:150]
        print(f"differs: {sample.name} {arguments} in {mode}: {reason}")
    for name, reason in sorted(outcome.reasons.items()):
        print(f"left out: {name}: {reason}")
    total = collections.Counter()
    for counts in outcome.modules.values():
        total.update(counts)
    for source in ("module_db", "further"):
        names = {cls.__name__ for kind, cls, _ in chosen if kind == source}
        covered = [
            name for name in names
            if outcome.modules[name]["equal"] + outcome.modules[name]["close"] and not outcome.modules[name]["differs"]]
        print(f"{source}: entries {len(names)}, covered {len(covered)}")
    close = sorted(name for name, counts in outcome.modules.items() if counts["close"])
    if close:
        print(f"within the tolerance: {', '.join(close)}")
    kinds = ("equal", "close", "differs", "left out")
    print("samples: " + ", ".join(f"{kind} {total[kind]}" for kind in kinds))
    if outcome.failures:
        sys.exit(1)


if __name__ == "__main__":
    main()
