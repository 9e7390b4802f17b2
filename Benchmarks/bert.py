#!/usr/bin/env python3
"""Trains BERT with Lockstep and with PyTorch and Hugging Face alternately; compares speed, memory and losses.

    make bench                  a short form, after the other parts of that benchmark
    Benchmarks/bert.py          the short form only
    Benchmarks/bert.py --full   all jobs, 5 rounds; first prints the expected duration
    Benchmarks/bert.py --losses     the first 30 losses without dropout, which must be equal
    Benchmarks/bert.py --accuracy   the accuracy after one epoch on 4,000 reviews of 64 tokens, for 3 seeds
    Benchmarks/bert.py --device cuda --full   all jobs on one GPU (not run yet, because no GPU was available)

Every job trains with DDP on 2 ranks, with one thread and 8 sequences per rank. In each round every side runs once, and
another side is first. The sides:

    Lockstep   finetune-bert
    usual      the same job in Python as commonly written: pads to the maximum length, default AdamW and malloc
    best       the same with dynamic padding, fused AdamW, gradients in DDP's buckets, and malloc retaining freed memory

On a GPU, a job has one rank and more steps, and the other sides are:

    eager      PyTorch's job with dynamic padding and fused AdamW
    compile    the same with torch.compile

"fixed" jobs train on texts that all fill the length, so no side pads and the work is equal. "imdb" jobs train on reviews
of any length. Losses differ because dropout draws different random numbers. The record contains wall times and the
processor times of rank 0, which are more reliable on a busy machine.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import signal
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Beginning, end, peers_environment, spread, write_record

LAUNCH = "--standalone --nproc-per-node 2"
FOLDER = ROOT / ".build/bert-bench"
KEEP_MEMORY = "MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296 MALLOC_TOP_PAD_=67108864"
PEER = f"torchrun {LAUNCH} Benchmarks/peer/finetune_bert.py"
SIDES = {
    "Lockstep": f".build/release/lockstep run {LAUNCH} .build/release/finetune-bert",
    "usual": PEER,
    "best": f"env {KEEP_MEMORY} {PEER} --dynamic-padding --fused-adamw --bucket-views",
}
GPU_LAUNCH = "--standalone --nproc-per-node 1"
GPU_PEER = f"torchrun {GPU_LAUNCH} Benchmarks/peer/finetune_bert.py --device cuda --dynamic-padding --fused-adamw"
GPU_SIDES = {
    "Lockstep": f".build/release/lockstep run {GPU_LAUNCH} .build/release/finetune-bert --device cuda",
    "eager": GPU_PEER,
    "compile": f"{GPU_PEER} --compile",
}


@dataclasses.dataclass(frozen=True)
class Device:
    """Where the sides train; `times` as many steps as on two cores."""

    name: str
    sides: dict
    ranks: int
    times: int


DEVICES = {"cpu": Device("core", SIDES, ranks=2, times=1), "cuda": Device("GPU", GPU_SIDES, ranks=1, times=20)}
PHASES = ["data", "forward", "backward", "communication", "optimizer"]
BATCH = 8
INTERRUPTED = "Interrupted here."
START = 25  # seconds of a round in which no side trains


@dataclasses.dataclass(frozen=True)
class Model:
    layers: int
    hidden: int
    vocabulary: int = 30522


MODELS = {"minilm": Model(6, 384), "base": Model(12, 768)}


@dataclasses.dataclass(frozen=True)
class Job:
    """A training; `seconds` is what a step of a round takes with all sides, on two cores of a Zen 5."""

    model: str
    data: str
    length: int
    precision: str
    steps: int
    seconds: float
    skipped: int = 2
    device: Device = DEVICES["cpu"]

    def on(self, device):
        """The same on a device. A second for a step is far more than a GPU needs."""
        if device.times == 1:
            return self
        times = {"steps": self.steps * device.times, "skipped": self.skipped * device.times // 4}
        return dataclasses.replace(self, device=device, seconds=1, **times)

    @property
    def name(self):
        return f"{self.model} {self.data} {self.length} {self.precision}"

    @property
    def options(self):
        data = FOLDER / "long" if self.data == "fixed" else ROOT / ".data/imdb"
        return (
            f"--model {shlex.quote(os.path.relpath(FOLDER / self.model, ROOT))} "
            f"--data {shlex.quote(os.path.relpath(data, ROOT))} --max-length {self.length} "
            f"--batch-size {BATCH} --epochs 1 --learning-rate 2e-5 --precision {self.precision}"
        )

    @property
    def estimate(self):
        """Seconds of a round."""
        return START + self.steps * self.seconds

    def tokens(self, samples):
        return samples * self.length if self.data == "fixed" else None

    def operations(self, side):
        """Additions and multiplications of matrix products for one sequence, forward and backward; without the
        embeddings, and without what Lockstep leaves out in the last layer, of which only first tokens are used."""
        model, tokens = MODELS[self.model], self.length
        layer = tokens * (24 * model.hidden**2 + 4 * tokens * model.hidden)
        last = tokens * 4 * model.hidden**2 if side == "Lockstep" else layer
        return 3 * ((model.layers - 1) * layer + last)


JOBS = [
    Job("minilm", "fixed", 128, "fp32", steps=20, seconds=2.2),
    Job("minilm", "fixed", 128, "bf16", steps=20, seconds=1.3),
    Job("minilm", "fixed", 512, "fp32", steps=6, seconds=13.5),
    Job("minilm", "fixed", 512, "bf16", steps=6, seconds=10.5),
    Job("base", "fixed", 128, "fp32", steps=6, seconds=16),
    Job("base", "fixed", 128, "bf16", steps=6, seconds=6),
    Job("base", "fixed", 512, "fp32", steps=4, seconds=90, skipped=1),
    Job("base", "fixed", 512, "bf16", steps=4, seconds=55, skipped=1),
    Job("minilm", "imdb", 512, "fp32", steps=10, seconds=13),
    Job("minilm", "imdb", 512, "bf16", steps=10, seconds=10),
]
SHORT = ["minilm fixed 128 fp32", "minilm imdb 512 bf16"]


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="all jobs, 5 rounds")
    parser.add_argument("--losses", action="store_true", help="compare the first losses without dropout instead")
    parser.add_argument("--accuracy", action="store_true", help="compare the accuracy after an epoch instead")
    parser.add_argument(
        "--jobs", help=f"only jobs whose names contain one of these texts, separated by commas: {', '.join(j.name for j in JOBS)}"
    )
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="the CPU or one GPU (cpu)")
    parser.add_argument("--sides", help="the sides to run, separated by commas (all)")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each job (1; 5 with --full)")
    parser.add_argument("--steps", type=int, metavar="N", help="steps of each run, instead of the job's number")
    parser.add_argument(
        "--limit", type=float, default=4, metavar="X", help="stop a run after X times its estimated duration (4)"
    )
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (5 if arguments.full else 1)
    arguments.device = DEVICES[arguments.device]
    known = arguments.device.sides
    arguments.sides = arguments.sides.split(",") if arguments.sides else list(known)
    if not set(arguments.sides) <= set(known):
        parser.error(f"--sides: there are {', '.join(known)}")
    wanted = arguments.jobs.split(",") if arguments.jobs else [""] if arguments.full else SHORT
    jobs = [job.on(arguments.device) for job in JOBS if any(text in job.name for text in wanted)]
    if not jobs:
        parser.error(f"--jobs {arguments.jobs}: no job's name holds that")
    if arguments.steps:
        jobs = [dataclasses.replace(job, steps=arguments.steps) for job in jobs]
    for job in jobs:
        if job.steps <= job.skipped:
            parser.error(f"--steps {job.steps}: the first {job.skipped} do not count")
    return arguments, jobs


# One run


class DidNotEnd(Exception):
    """A run that was over its limit."""


def run(command, environment, limit):
    """Runs a command; its lines of JSON, the last one the summary."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "steps.jsonl")
        with open(os.path.join(folder, "output"), "w+", encoding="utf-8", errors="replace") as output:
            process = subprocess.Popen(
                shlex.split(f"{command} --json {shlex.quote(path)}"),
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                code = process.wait(limit)
            except subprocess.TimeoutExpired:
                raise DidNotEnd from None
            finally:
                end(process)
            if code != 0:
                output.seek(0)
                sys.exit(f"{output.read()[-4000:]}\nbert: '{command}' exited with {code}")
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
    if len(lines) < 2 or "summary" not in lines[-1]:
        sys.exit(f"bert: '{command}' wrote no summary")
    return lines


@dataclasses.dataclass
class Result:
    """What one run came to, without its first steps."""

    rate: float  # samples per second, of all ranks
    processor: float  # seconds of a step, rank 0
    phases: dict
    peak: float  # bytes, rank 0
    losses: list

    def __init__(self, job, lines):
        *steps, last = lines
        counted = steps[job.skipped :]
        self.rate = sum(step["samples"] for step in counted) / sum(step["seconds"] for step in counted)
        span = steps[-1]["processor_seconds"] - steps[job.skipped - 1]["processor_seconds"]
        self.processor = span / len(counted)
        self.phases = {
            name: statistics.median(step["phases"][name] for step in counted) for name in PHASES
        }
        self.peak = last["summary"]["peak_bytes"]
        self.losses = [step["loss"] for step in steps]


def command(side, job):
    samples = job.steps * job.device.ranks * BATCH
    return f"{job.device.sides[side]} {job.options} --train-samples {samples} --eval-samples 0"


def rounds(job, arguments, environment):
    """{side: [results]}, as many for each side; what was left out, as lines."""
    sides, notes = list(arguments.sides), []
    results = {side: [] for side in sides}
    for index in range(arguments.rounds):
        for side in sides[index % len(sides) :] + sides[: index % len(sides)]:
            limit = 60 + arguments.limit * job.estimate
            started = time.monotonic()
            try:
                result = Result(job, run(command(side, job), environment, limit))
            except DidNotEnd:
                notes.append(f"{side} did not finish within {limit:.0f} s and was not run again.")
                sides.remove(side)
                continue
            except KeyboardInterrupt:
                return results, notes + [INTERRUPTED]
            results[side].append(result)
            print(
                f"bert: {job.name} {index + 1}/{arguments.rounds}, {side}: {result.rate:.2f} samples/s, "
                f"{result.processor:.3f} s of processor time per step, {result.peak / 2**20:.0f} MiB, "
                f"{time.monotonic() - started:.0f} s in total",
                flush=True,
            )
    return results, notes


# What is written


def ratios(ours, others, of):
    return spread([of(mine) / of(other) for mine, other in zip(ours, others)], 2)


def report(job, results, notes, peak):
    """A job's part of the record."""
    lines = [f"## {job.name}", ""]
    lines += [f"    {command(side, job)}" for side in results] + [""]
    lines += [
        f"{job.steps} steps, the first {job.skipped} do not count; median (min – max) of the runs, n = "
        f"{', '.join(str(len(runs)) for runs in results.values())}.",
        "",
    ]
    ours = results.get("Lockstep", [])
    present = {side: runs for side, runs in results.items() if runs}
    if not present:
        return lines + notes + [""]
    lines += ["| | " + " | ".join(present) + " |", "|---|" + "--:|" * len(present)]

    def row(name, of, digits=2):
        values = (spread([of(result) for result in runs], digits) for runs in present.values())
        lines.append(f"| {name} | " + " | ".join(values) + " |")

    row("samples/s", lambda result: result.rate)
    if job.tokens(1):
        row("tokens/s", lambda result: job.tokens(result.rate), 0)
    row("processor time of a step, rank 0, s", lambda result: result.processor, 3)
    row("peak memory of rank 0, MiB", lambda result: result.peak / 2**20, 0)
    for phase in PHASES:
        row(f"{phase}, s", lambda result, phase=phase: result.phases[phase], 3)
    if job.data == "fixed" and job.precision in peak:
        shares = []
        for side, runs in present.items():
            work = job.operations(side) * BATCH / peak[job.precision] / 1e9
            wall = statistics.median(work * result.rate / BATCH / job.device.ranks for result in runs)
            processor = statistics.median(work / result.processor for result in runs)
            of_processor = f", of processor time {processor:.0%}" if job.device.name == "core" else ""
            shares.append(f"{wall:.0%}{of_processor}")
        lines.append(
            f"| share of the {job.device.name}'s {peak[job.precision]:.0f} GFLOP/s ({job.precision}) | "
            + " | ".join(shares) + " |"
        )
    lines += ["", "| Lockstep beside | speed, times | processor time, times less | memory, times |"]
    lines += ["|---|--:|--:|--:|"]
    for side, runs in present.items():
        if side == "Lockstep" or not ours:
            continue
        lines.append(
            f"| {side} | {ratios(ours, runs, lambda result: result.rate)} "
            f"| {ratios(ours, runs, lambda result: 1 / result.processor)} "
            f"| {ratios(ours, runs, lambda result: result.peak)} |"
        )
    lines += ["", "Losses of rank 0 in the first round:", ""]
    marks = sorted({round(index * (job.steps - 1) / 7) for index in range(8)})
    lines += ["| step | " + " | ".join(map(str, marks)) + " |", "|---|" + "--:|" * len(marks)]
    for side, runs in present.items():
        losses = " | ".join(f"{runs[0].losses[step]:.4f}" for step in marks)
        lines.append(f"| {side} | {losses} |")
    if len(ours) > 1:
        same = all(result.losses == ours[0].losses for result in ours)
        lines += ["", f"Lockstep's losses are {'the same bits' if same else 'DIFFERENT'} in all its runs."]
    return lines + ["", *notes, *([""] if notes else [])]


def rates(output):
    """{precision: GFLOP/s}"""
    return {name: float(rate) for name, rate in (line.split() for line in output.splitlines())}


def measure_peak(device, environment):
    """{precision: GFLOP/s} of one core, empty where no compiler is, or of the GPU."""
    if device.name == "GPU":
        program = ["python", "Benchmarks/peer/peak_cuda.py"]
        return rates(
            subprocess.run(
                program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=120
            ).stdout
        )
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "peak")
        for compiler in "clang", "cc":
            try:
                subprocess.run(
                    [compiler, "-O3", "-march=native", "-o", program, ROOT / "Benchmarks/peak.c"], check=True
                )
                output = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
            except (OSError, subprocess.SubprocessError):
                continue
            return rates(output)
    return {}


# Losses and accuracy


def losses(arguments, environment):
    """Lines that compare the losses of 30 steps without dropout, fp32."""
    job = dataclasses.replace(
        Job("minilm", "imdb", 128, "fp32", steps=30, seconds=2.2), device=arguments.device
    )
    found = {}
    for side in arguments.sides:
        whole = f"{command(side, job)} --dropout 0"
        print(f"bert: {whole}", flush=True)
        lines = run(whole, environment, 60 + arguments.limit * job.estimate)
        found[side] = [line["loss"] for line in lines[:-1]]
    lines = ["## The first 30 losses of rank 0 without dropout", ""]
    lines += [f"    {command(side, job)} --dropout 0" for side in found] + [""]
    lines += ["| between | largest relative difference |", "|---|--:|"]
    sides = list(found)
    for index, one in enumerate(sides):
        for other in sides[index + 1 :]:
            largest = max(abs(a - b) / b for a, b in zip(found[one], found[other]))
            lines.append(f"| {one} and {other} | {largest:.1e}{'' if largest < 1e-4 else ' TOO MUCH'} |")
    return lines + [""]


def accuracy(arguments, environment):
    """Lines that compare accuracies after an epoch on 4,000 reviews of at most 64 tokens, with three seeds."""
    job = dataclasses.replace(
        Job("minilm", "imdb", 64, "fp32", steps=250, seconds=1.2), device=arguments.device
    )
    lines = ["## Accuracy on 2,000 reviews after one epoch on 4,000, 64 tokens", ""]
    found = {}
    for seed in 42, 43, 44:
        for side in arguments.sides:
            whole = (
                f"{job.device.sides[side]} {job.options} --train-samples 4000 --eval-samples 2000 --seed {seed}"
            )
            print(f"bert: {whole}", flush=True)
            summary = run(whole, environment, 60 + arguments.limit * job.estimate)[-1]["summary"]
            found.setdefault(side, []).append(summary["accuracy"])
            print(f"bert: seed {seed}, {side}: {summary['accuracy']:.4f}", flush=True)
            if seed == 42:
                lines.append(f"    {whole}")
    lines += ["", "| seed | 42 | 43 | 44 | mean |", "|---|--:|--:|--:|--:|"]
    for side, values in found.items():
        cells = " | ".join(f"{value:.4f}" for value in [*values, statistics.mean(values)])
        lines.append(f"| {side} | {cells} |")
    noise = (0.85 * 0.15 / 2000) ** 0.5
    return lines + ["", f"The standard error of one accuracy on 2,000 reviews is about {noise:.3f}.", ""]


def main():
    arguments, jobs = parse_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    beginning = Beginning()
    environment = peers_environment()
    if not (FOLDER / "ready").exists():
        print("bert: writing models and texts", flush=True)
        subprocess.run(
            ["python", "Benchmarks/peer/prepare_bert.py", "--pretrained", ".data/all-MiniLM-L6-v2"]
            + ["--data", ".data/imdb", "--output", FOLDER],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    if arguments.losses:
        seconds = 90
    elif arguments.accuracy:
        seconds = 3 * (2 * START + 250 * 1.2 * 1.3)
    else:
        seconds = arguments.rounds * sum(job.estimate for job in jobs)
    print(
        f"bert: about {seconds / 60:.0f} minutes on two idle cores of a Zen 5 (less on a GPU); started at {time.strftime('%H:%M:%S')}",
        flush=True,
    )
    lines = []
    try:
        if arguments.losses:
            lines += losses(arguments, environment)
        elif arguments.accuracy:
            lines += accuracy(arguments, environment)
        else:
            peak = measure_peak(arguments.device, environment)
            for job in jobs:
                print("\n".join(f"bert: {side}: {command(side, job)}" for side in arguments.sides), flush=True)
                results, notes = rounds(job, arguments, environment)
                lines += report(job, results, notes, peak)
                if INTERRUPTED in notes:
                    break
    except KeyboardInterrupt:
        lines.append(INTERRUPTED)
    if lines:
        path = write_record(arguments.results, "BERT with Lockstep and PyTorch", beginning, lines)
        print("\n".join(lines))
        print(f"bert: written to {path}")


if __name__ == "__main__":
    main()
