#!/usr/bin/env python3
"""Checks the optimizers and the schedules with PyTorch's database of optimizers (optim_db) and its schedulers.

    Benchmarks/peer/optimizers.py PATH/OptimizerCalls [--only NAME …] [--steps N]

Each configuration of optim_db takes the same steps in Swift and in PyTorch. Parameters and states after each step are
equal to the bit, or within the tolerance of torch.testing.assert_close. In addition, Swift continues from a state file
that PyTorch wrote, and PyTorch from one that Swift wrote. The rates of schedules are equal within 1e-12.
"""

import argparse
import collections
import copy
import pathlib
import subprocess
import sys
import tempfile
import warnings

import torch
from torch.optim import lr_scheduler
from torch.optim.swa_utils import SWALR
from torch.testing._internal.common_optimizers import optim_db

SHAPES = [(3, 4), (5,), (2, 3, 2), (), (4, 2)]
# Swift uses the fused kernels of these; of the others PyTorch's foreach operators.
FUSED = {"SGD", "Adam", "AdamW"}
SINGLE = {"Muon", "LBFGS", "Lion"}
RATE_STEPS = 200


class Lion(torch.optim.Optimizer):
    """The program in the paper "Symbolic Discovery of Optimization Algorithms"."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["exp_avg"] = torch.zeros_like(p)
                grad, mean = -p.grad if group["maximize"] else p.grad, state["exp_avg"]
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_((mean * beta1 + grad * (1 - beta1)).sign(), alpha=-group["lr"])
                mean.mul_(beta2).add_(grad, alpha=1 - beta2)


LION_INPUTS = [({}, "default"), ({"lr": 1e-3, "weight_decay": 0.1}, "weight_decay"),
               ({"betas": (0.8, 0.95), "maximize": True}, "betas, maximize")]


def configurations(only):
    """Each optimizer with its settings, or with the reason why it is left out."""
    for info in optim_db:
        name = info.optim_cls.__name__
        if only and name not in only:
            continue
        for config in info.optim_inputs_func("cpu", torch.float32):
            reason = None
            if name == "SparseAdam":
                reason = "only for sparse gradients, which Swift's tensors do not have"
            elif config.kwargs.get("differentiable") or config.kwargs.get("capturable"):
                reason = "chooses an implementation of PyTorch"
            yield name, info.optim_cls, config.kwargs, config.desc, reason
    if not only or "Lion" in only:
        for settings, description in LION_INPUTS:
            yield "Lion", Lion, settings, description, None


def plain(settings):
    """Settings that Swift has: numbers in place of tensors, without the choice of an implementation."""
    return {
        key: value.item() if isinstance(value, torch.Tensor) else value for key, value in settings.items()
        if key not in ("foreach", "fused")}


class Case:
    """One configuration: parameters, gradients, and what PyTorch computes."""

    def __init__(self, name, kind, settings, description, steps):
        self.name, self.kind, self.description, self.steps = name, kind, description, steps
        self.settings = plain(settings)
        generator = torch.Generator().manual_seed(7)
        shapes = [shape for shape in SHAPES if name != "Muon" or len(shape) == 2]
        self.start = [torch.randn(shape, generator=generator) for shape in shapes]
        self.factors = [torch.rand(shape, generator=generator) + 0.5 for shape in shapes]
        self.targets = [torch.randn(shape, generator=generator) for shape in shapes]
        # The last parameter has no gradient in the first step; PyTorch's fused SGD cannot do that.
        self.gradients = [
            [None if step == 0 and index == len(shapes) - 1 and name != "SGD" else
             torch.randn(shape, generator=generator) for index, shape in enumerate(shapes)] for step in range(steps)]

    def optimizer(self, parameters):
        flags = {} if self.name in SINGLE else {"fused": True} if self.name in FUSED else {"foreach": True}
        groups = [{"params": parameters}]
        if self.name != "LBFGS" and len(parameters) > 2:  # A second group with another rate.
            rate = self.settings.get("lr", 0.001) * 0.5
            groups = [{"params": parameters[:2]}, {"params": parameters[2:], "lr": rate}]
        return self.kind(groups, **self.settings, **flags)

    def groups(self, parameters):
        """The groups for Swift."""
        if self.name != "LBFGS" and len(parameters) > 2:
            rate = self.settings.get("lr", 0.001) * 0.5
            return [{"params": parameters[:2], "settings": self.settings},
                    {"params": parameters[2:], "settings": self.settings | {"lr": rate}}]
        return [{"params": parameters, "settings": self.settings}]

    def run(self, parameters, optimizer, steps):
        """The parameters and the state after each step."""
        results = []
        for step in steps:
            if self.name == "LBFGS":
                def closure():
                    optimizer.zero_grad()
                    loss = torch.zeros([])
                    for parameter, factor, target in zip(parameters, self.factors, self.targets):
                        error = factor * parameter - target
                        power = parameter * parameter * parameter * parameter
                        loss = loss + (error * error).mean() + 0.1 * power.sum()
                    loss.backward()
                    return loss
                optimizer.step(closure)
            else:
                for parameter, gradient in zip(parameters, self.gradients[step]):
                    parameter.grad = None if gradient is None else gradient.clone()
                optimizer.step()
            results.append({
                "params": [parameter.detach().clone() for parameter in parameters],
                "state": copy.deepcopy(optimizer.state_dict())})
        return results

    def expected(self):
        parameters = [tensor.clone().requires_grad_() for tensor in self.start]
        return self.run(parameters, self.optimizer(parameters), range(self.steps))

    def entry(self, parameters, first, state):
        return {
            "optimizer": self.name, "groups": self.groups(parameters), "gradients": self.gradients[first:],
            "factors": self.factors, "targets": self.targets, "steps": self.steps - first, "state": state}


def same_bits(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and a.contiguous().view(-1).view(torch.uint8).equal(
        b.contiguous().view(-1).view(torch.uint8))


def leaves(result):
    """The tensors and numbers of a result by name."""
    found = {f"parameter {index}": value for index, value in enumerate(result["params"])}
    for index, state in result["state"]["state"].items():
        if state.get("step", 1) == 0:  # Adagrad in PyTorch creates states before the first update.
            continue
        for name, value in state.items():
            if name == "al":  # A cache of LBFGS, which each step overwrites.
                continue
            values = {name: value} if not isinstance(value, list) else {f"{name}.{i}": v for i, v in enumerate(value)}
            for key, item in values.items():
                if item is not None:
                    found[f"{key} of parameter {index}"] = torch.as_tensor(item)
    return found


def compare(answer, expected, exact_settings=True):
    """'equal', 'close', or a sentence that says what differs."""
    equal = True
    for step, (result, wanted) in enumerate(zip(answer, expected)):
        own, other = leaves(result), leaves(wanted)
        if own.keys() != other.keys():
            return f"step {step}: only one of both has {sorted(own.keys() ^ other.keys())[:3]}"
        for name in own:
            a, b = own[name], other[name]
            if same_bits(a, b):
                continue
            equal = False
            try:
                torch.testing.assert_close(a.to(b.dtype).reshape(b.shape), b, equal_nan=True)
            except AssertionError as error:
                return f"step {step}, {name}: {' '.join(str(error).split())[:200]}"
        if exact_settings:
            for index, (a, b) in enumerate(zip(result["state"]["param_groups"], wanted["state"]["param_groups"])):
                b = {key: value for key, value in b.items() if key not in ("foreach", "fused")}
                a = {key: value for key, value in a.items() if key not in ("foreach", "fused")}
                if a != b:
                    return f"step {step}, group {index}: {a} instead of {b}"
    return "equal" if equal else "close"


def call(program, entries):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "calls.pt"), pathlib.Path(folder, "results.pt")
        torch.save(entries, source)
        done = subprocess.run([program, source, target], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"OptimizerCalls ended with {done.returncode}: {done.stderr[-2000:]}")
        return torch.load(target)


def check_optimizers(program, only, steps, failures):
    cases, reasons, counts = [], {}, collections.Counter()
    for name, kind, settings, description, reason in configurations(only):
        if reason:
            counts["left out"] += 1
            reasons[name] = reason
        else:
            cases.append(Case(name, kind, settings, description, steps))
    expected = [case.expected() for case in cases]
    half = steps // 2
    entries = [case.entry(case.start, 0, None) for case in cases]
    entries += [
        case.entry(results[half - 1]["params"], half, results[half - 1]["state"])
        for case, results in zip(cases, expected)]
    answers = call(program, entries)
    files = collections.Counter()
    for case, results, answer, resumed in zip(cases, expected, answers, answers[len(cases):]):
        title = f"{case.name} ({case.description})"
        outcome = answer["error"] if "error" in answer else compare(answer["steps"], results)
        counts[outcome if outcome in ("equal", "close") else "differs"] += 1
        if outcome not in ("equal", "close"):
            failures.append(f"{title}: {outcome}")
            continue
        if outcome == "close":
            print(f"within tolerance: {title}")
        # From PyTorch's state to Swift.
        read = resumed["error"] if "error" in resumed else compare(resumed["steps"], results[half:])
        # From Swift's state to PyTorch.
        parameters = [value.clone().requires_grad_() for value in answer["steps"][half - 1]["params"]]
        optimizer = case.optimizer(parameters)
        flags = [{key: group.get(key) for key in ("foreach", "fused")} for group in optimizer.param_groups]
        optimizer.load_state_dict(answer["steps"][half - 1]["state"])
        for group, choice in zip(optimizer.param_groups, flags):
            group.update(choice)
        continued = case.run(parameters, optimizer, range(half, steps))
        written = compare(continued, results[half:], exact_settings=False)
        for direction, result in (("from PyTorch", read), ("to PyTorch", written)):
            ok = result in ("equal", "close")
            files[f"{direction} {result}" if ok else f"{direction} differs"] += 1
            if not ok:
                failures.append(f"{title}, state {direction}: {result}")
    for name, reason in reasons.items():
        print(f"left out: {name}: {reason}")
    names = {case.name for case in cases}
    print(f"optimizers {len(names)}, configurations: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    print("state files: " + ", ".join(f"{k} {v}" for k, v in sorted(files.items())))


def schedules():
    """Each schedule's name, its arguments, and a function that creates it in PyTorch."""
    for name, *cases in [
        ("StepLR", {"step_size": 7, "gamma": 0.5}, {"step_size": 30}),
        ("MultiStepLR", {"milestones": [5, 20, 20, 90], "gamma": 0.3}),
        ("ConstantLR", {}, {"factor": 0.25, "total_iters": 30}),
        ("LinearLR", {}, {"start_factor": 0.1, "end_factor": 0.5, "total_iters": 60}, {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 150}),
        ("ExponentialLR", {"gamma": 0.97}),
        ("PolynomialLR", {}, {"total_iters": 120, "power": 2.0}),
        ("CosineAnnealingLR", {"T_max": 50}, {"T_max": 30, "eta_min": 0.001}),
        ("CosineAnnealingWarmRestarts", {"T_0": 10}, {"T_0": 8, "T_mult": 2, "eta_min": 0.001}),
        ("OneCycleLR", {"max_lr": 0.3, "total_steps": RATE_STEPS},
         {"max_lr": [0.3, 0.1], "total_steps": RATE_STEPS, "three_phase": True, "anneal_strategy": "linear", "pct_start": 0.4},
         {"max_lr": 0.3, "total_steps": RATE_STEPS, "cycle_momentum": False, "div_factor": 10.0, "final_div_factor": 50.0}),
        ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 20},
         {"base_lr": [0.01, 0.02], "max_lr": [0.1, 0.3], "step_size_up": 12, "step_size_down": 30, "mode": "triangular2"},
         {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 15, "mode": "exp_range", "gamma": 0.99, "cycle_momentum": False}),
        ("SWALR", {"swa_lr": 0.05}, {"swa_lr": [0.05, 0.2], "anneal_epochs": 40, "anneal_strategy": "linear"}, {"swa_lr": 0.05, "anneal_epochs": 0}),
    ]:
        kind = SWALR if name == "SWALR" else getattr(lr_scheduler, name)
        for arguments in cases:
            yield {"schedule": name, "arguments": arguments}, lambda o, k=kind, a=arguments: k(o, **a)
    yield {"schedule": "LambdaLR"}, lambda o: lr_scheduler.LambdaLR(o, lambda step: 1 / (step + 1))
    yield {"schedule": "MultiplicativeLR"}, lambda o: lr_scheduler.MultiplicativeLR(o, lambda step: 1 - 1 / (step + 10))
    parts = [("LinearLR", {"start_factor": 0.1, "total_iters": 20}), ("CosineAnnealingLR", {"T_max": 60, "eta_min": 0.001}),
             ("ExponentialLR", {"gamma": 0.95})]
    children = [{"schedule": name, "arguments": arguments} for name, arguments in parts]

    def make(o):
        return [getattr(lr_scheduler, name)(o, **arguments) for name, arguments in parts]

    yield ({"schedule": "SequentialLR", "arguments": {"milestones": [20, 80]}, "schedules": children},
           lambda o: lr_scheduler.SequentialLR(o, make(o), [20, 80]))
    yield ({"schedule": "ChainedScheduler", "schedules": children}, lambda o: lr_scheduler.ChainedScheduler(make(o), o))


def transformers_schedules():
    from transformers import get_scheduler
    steps = {"num_warmup_steps": 15, "num_training_steps": 150}
    for name, *cases in [
        ("linear", {}), ("cosine", {}, {"num_cycles": 1.5}), ("cosine_with_restarts", {}, {"num_cycles": 3}),
        ("polynomial", {}, {"lr_end": 0.001, "power": 2.0}), ("constant", {}), ("constant_with_warmup", {}),
        ("inverse_sqrt", {}, {"timescale": 40}), ("cosine_with_min_lr", {"min_lr_rate": 0.1}),
        ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1}, {"min_lr_rate": 0.1, "warmup_lr_rate": 0.2}),
        ("warmup_stable_decay", {"num_decay_steps": 40}, {"num_decay_steps": 60, "warmup_type": "cosine", "decay_type": "1-sqrt", "min_lr_ratio": 0.1},
         {"num_decay_steps": 60, "warmup_type": "1-sqrt", "decay_type": "linear"}),
    ]:
        for arguments in cases:
            yield ({"schedule": name, "arguments": steps | arguments},
                   lambda o, n=name, a=arguments: get_scheduler(n, o, **steps, scheduler_specific_kwargs=a))


def check_schedules(program, failures):
    entries, expected = [], []
    for entry, make in [*schedules(), *transformers_schedules()]:
        # transformers' polynomial decay starts from one rate for all groups.
        rates = [0.1, 0.1] if entry["schedule"] == "polynomial" else [0.1, 0.02]
        optimizer = torch.optim.SGD([{"params": [torch.zeros(1)], "lr": rate} for rate in rates], lr=rates[0], momentum=0.9)
        scheduler = make(optimizer)
        values = {"rates": [], "momenta": []}
        for _ in range(RATE_STEPS):
            values["rates"].append([group["lr"] for group in optimizer.param_groups])
            values["momenta"].append([group["momentum"] for group in optimizer.param_groups])
            optimizer.step()
            scheduler.step()
        entries.append(entry | {"rates": rates, "steps": RATE_STEPS})
        expected.append(values)
    generator = torch.Generator().manual_seed(3)
    metrics = (torch.rand(RATE_STEPS, generator=generator).double() + 1 / torch.arange(1, RATE_STEPS + 1).double()).tolist()
    for arguments in [{"patience": 3}, {"mode": "max", "factor": 0.5, "patience": 2, "cooldown": 4, "threshold_mode": "abs"},
                      {"factor": 0.7, "patience": 1, "min_lr": [0.01, 0.001], "threshold": 0.05}]:
        optimizer = torch.optim.SGD([{"params": [torch.zeros(1)], "lr": rate} for rate in [0.1, 0.02]], momentum=0.9)
        scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **arguments)
        values = {"rates": [], "momenta": []}
        for metric in metrics:
            scheduler.step(metric)
            values["rates"].append([group["lr"] for group in optimizer.param_groups])
            values["momenta"].append([group["momentum"] for group in optimizer.param_groups])
        entries.append({"schedule": "ReduceLROnPlateau", "arguments": arguments, "rates": [0.1, 0.02], "metrics": metrics})
        expected.append(values)
    counts = collections.Counter()
    for entry, answer, values in zip(entries, call(program, entries), expected):
        title = f"{entry['schedule']} {entry.get('arguments', {})}"
        if "error" in answer:
            failures.append(f"{title}: {answer['error']}")
            counts["differs"] += 1
            continue
        outcome = "equal"
        for key in ("rates", "momenta"):
            for step, (own, other) in enumerate(zip(answer[key], values[key], strict=True)):
                for a, b in zip(own, other, strict=True):
                    if a == b:
                        continue
                    outcome = "close" if outcome == "equal" else outcome
                    if abs(a - b) > 1e-12 * max(abs(b), 1e-12) and outcome != "differs":
                        outcome = "differs"
                        failures.append(f"{title}, {key} of step {step}: {a} instead of {b}")
        counts[outcome] += 1
    names = {entry["schedule"] for entry in entries}
    print(f"schedules {len(names)}, configurations: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items()))
          + f" over {RATE_STEPS} steps")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the test program OptimizerCalls")
    parser.add_argument("--only", nargs="+", help="names of optimizers; without schedules")
    parser.add_argument("--steps", type=int, default=10)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    failures = []
    check_optimizers(options.program, options.only, options.steps, failures)
    if not options.only:
        check_schedules(options.program, failures)
    for failure in failures[:60]:
        print(f"differs: {failure}")
    if failures:
        sys.exit(1)


if __name__ == "__main__":
    main()
