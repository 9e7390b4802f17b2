#!/usr/bin/env python3
"""Measures Lockstep against PyTorch: the demo's training, and the time that a launcher takes.

    make bench                        builds what is measured, makes the peers' environment, runs this
    Benchmarks/bench.py --help        for other counts and other commands

Both sides take turns, and the order changes with each pair, so that what else the machine does falls on
both. A training program writes one JSON object per line into the file that `--json` names:

    {"step": 0, "epoch": 0, "loss": 0.69, "samples": 16, "seconds": 1.1}     for each step
    {"summary": {"samples_per_second": 14.5, "accuracy": 0.81, ...}}         at the end

`samples` counts all ranks, `loss` and `seconds` (wall time of the step, loading included) are rank 0's. What
was measured goes into a dated file in Benchmarks/results/.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAUNCH = "--standalone --nproc-per-node 2"


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--pairs", default=5, help="training runs of each side (5)", **number)
    parser.add_argument("--launches", default=10, help="launches of each side (10)", **number)
    parser.add_argument("--skip-steps", default=5, help="first steps that do not count (5)", **number)
    parser.add_argument("--train-samples", default=480, help="reviews to train on (480)", **number)
    parser.add_argument("--eval-samples", default=0, help="reviews to evaluate on (none)", **number)
    parser.add_argument(
        "--ours",
        default=f".build/release/lockstep run {LAUNCH} .build/release/finetune-bert --pad-to-max-length",
        help="command of the training program, without the job's options; it pads as the peer does",
    )
    parser.add_argument("--peer", default=f"torchrun {LAUNCH} Benchmarks/peer/finetune_bert.py")
    parser.add_argument(
        "--ours-launch",
        default=f".build/release/lockstep run {LAUNCH} .build/release/test-worker barrier",
        help="command of the program that forms a group, waits at a barrier and exits",
    )
    parser.add_argument("--peer-launch", default=f"torchrun {LAUNCH} Benchmarks/peer/barrier.py")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    arguments = parser.parse_args()
    for name in "pairs", "launches", "skip_steps":
        if getattr(arguments, name) < 0:
            parser.error(f"--{name.replace('_', '-')} cannot be negative")
    return arguments


# Running commands


def run(command, environment):
    """Runs a command in the tree's root and returns its wall time; its failure ends the benchmark."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            shlex.split(command),
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        sys.exit(f"bench: cannot run '{command}': {error.strerror}")
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{done.stdout[-4000:]}\nbench: '{command}' exited with {done.returncode}")
    return seconds


def take_turns(count, what, ours, peer):
    """[(ours(), peer()), ...]: `count` pairs, each side first in every other one."""
    pairs = []
    for index in range(count):
        if index % 2 == 0:
            first = ours()
            pairs.append((first, peer()))
        else:
            first = peer()
            pairs.append((ours(), first))
        print(f"bench: {what} {index + 1}/{count}: {pairs[-1][0]:.3f} and {pairs[-1][1]:.3f}", flush=True)
    return pairs


def train(command, arguments, environment, accuracies):
    """Trains once and returns the samples per second of the steps that count."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "steps.jsonl")
        run(f"{command} --json {shlex.quote(path)}", environment)
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
    if not lines or "summary" not in lines[-1]:
        sys.exit(f"bench: '{command}' wrote no summary")
    summary = lines.pop()["summary"]
    accuracies.append(summary.get("accuracy"))
    counted = lines[arguments.skip_steps :]
    if not counted:
        sys.exit(f"bench: '{command}' made {len(lines)} steps; {arguments.skip_steps} of them do not count")
    return sum(step["samples"] for step in counted) / sum(step["seconds"] for step in counted)


# The record


def first_line(*command):
    try:
        output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return output.strip().splitlines()[0] if output.strip() else ""


def hardware():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(models)} × {models[0] if models else platform.machine()}, {memory:.0f} GiB"


def versions():
    requirements = (ROOT / "Benchmarks/peer/requirements.txt").read_text().splitlines()
    peers = [line.replace("==", " ") for line in requirements if line and not line.startswith("#")]
    system = f"Linux {platform.release().split('-')[0]}, glibc {platform.libc_ver()[1]}"
    swift = first_line("swift", "--version").split(" (")[0]
    return f"{swift}; {', '.join(peers[:2])}; Python {platform.python_version()}; {system}"


def spread(values, digits):
    return (
        f"{statistics.median(values):.{digits}f} "
        f"({min(values):.{digits}f} – {max(values):.{digits}f})"
    )


def table(pairs, unit, digits, ratio_name):
    ours, peer = zip(*pairs)
    ratios = [mine / other for mine, other in pairs]
    return [
        f"| {unit}, n = {len(pairs)} | median (min – max) |",
        "|---|--:|",
        f"| Lockstep | {spread(ours, digits)} |",
        f"| PyTorch | {spread(peer, digits)} |",
        f"| {ratio_name} | {spread(ratios, 3)} |",
        "",
        "Pairs: " + ", ".join(f"{mine:.{digits}f}/{other:.{digits}f}" for mine, other in pairs) + ".",
        "",
    ]


def write_record(folder, load_before, lines):
    folder.mkdir(parents=True, exist_ok=True)
    commit = first_line("git", "rev-parse", "--short", "HEAD")
    changed = first_line("git", "status", "--porcelain", "--untracked-files=no")
    now = datetime.datetime.now(datetime.timezone.utc)
    path = folder / f"{now:%Y-%m-%d-%H%M}-{commit}.md"
    head = [
        f"# Lockstep and PyTorch, {now:%Y-%m-%d %H:%M} UTC",
        "",
        f"- Commit: {commit}{' with changes' if changed else ''}",
        f"- Hardware: {hardware()}",
        f"- Versions: {versions()}",
        f"- Load when it began and ended (1 minute): {load_before:.2f}, {os.getloadavg()[0]:.2f}",
        "",
    ]
    path.write_text("\n".join(head + lines), encoding="utf-8")
    return path


def main():
    arguments = parse_arguments()
    load_before = os.getloadavg()[0]
    # The peers' environment comes first on the path, for torchrun.
    made = subprocess.run([ROOT / "Scripts/peers"], stdout=subprocess.PIPE, text=True)
    if made.returncode != 0:
        sys.exit("bench: the peers' environment is missing")
    peers = os.path.dirname(made.stdout.strip())
    environment = os.environ | {"PATH": f"{peers}:{os.environ['PATH']}"}

    job = (
        "--model .data/all-MiniLM-L6-v2 --data .data/imdb --epochs 1 --max-length 128 --batch-size 8 "
        f"--learning-rate 1e-4 --train-samples {arguments.train_samples} "
        f"--eval-samples {arguments.eval_samples}"
    )
    lines = []
    if arguments.pairs:
        ours, peer = f"{arguments.ours} {job}", f"{arguments.peer} {job}"
        accuracies = [], []
        pairs = take_turns(
            arguments.pairs,
            "samples/s",
            lambda: train(ours, arguments, environment, accuracies[0]),
            lambda: train(peer, arguments, environment, accuracies[1]),
        )
        lines += ["## Training", "", f"    {ours}", f"    {peer}", ""]
        lines += [f"The first {arguments.skip_steps} steps of each run do not count.", ""]
        lines += table(pairs, "samples/s", 2, "Lockstep / PyTorch")
        if arguments.eval_samples:
            lines += [f"Accuracy: Lockstep {accuracies[0]}, PyTorch {accuracies[1]}.", ""]
    if arguments.launches:
        ours, peer = arguments.ours_launch, arguments.peer_launch
        pairs = take_turns(
            arguments.launches,
            "seconds",
            lambda: run(ours, environment),
            lambda: run(peer, environment),
        )
        lines += ["## Launch: a program that forms a group, waits at a barrier and exits", ""]
        lines += [f"    {ours}", f"    {peer}", ""]
        lines += table(pairs, "seconds, whole command", 3, "Lockstep / PyTorch")

    path = write_record(arguments.results, load_before, lines)
    print("\n".join(lines))
    print(f"bench: written to {path}")


if __name__ == "__main__":
    main()
