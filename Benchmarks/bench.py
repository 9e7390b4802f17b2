#!/usr/bin/env python3
"""Compares Lockstep with PyTorch: the demo's training, and the time to launch a job.

    make bench                        builds the programs and the peers' environment, then runs this
    Benchmarks/bench.py --help        shows how to change the counts and the commands

Both sides run alternately, and the order changes with each pair, so other load of the machine affects
both. A training program writes one JSON object per line into the file that `--json` names:

    {"step": 0, "epoch": 0, "loss": 0.69, "samples": 16, "seconds": 1.1}     for each step
    {"summary": {"samples_per_second": 14.5, "accuracy": 0.81, ...}}         at the end

`samples` counts all ranks, `loss` and `seconds` (wall time of the step, loading included) are rank 0's. A line may
contain more keys: bert.py reads `phases` and `processor_seconds`. The results are written to a dated file in
Benchmarks/results/.
"""

import argparse
import json
import os
import pathlib
import shlex
import sys
import tempfile

from measuring import ROOT, Beginning, peers_environment, run, table, take_turns, write_record

LAUNCH = "--standalone --nproc-per-node 2"


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--pairs", default=5, help="training runs of each side (5)", **number)
    parser.add_argument("--launches", default=10, help="launches of each side (10)", **number)
    parser.add_argument("--skip-steps", default=5, help="first steps to ignore (5)", **number)
    parser.add_argument("--train-samples", default=480, help="reviews to train on (480)", **number)
    parser.add_argument("--eval-samples", default=0, help="reviews to evaluate on (none)", **number)
    parser.add_argument(
        "--ours",
        default=f".build/release/lockstep run {LAUNCH} .build/release/finetune-bert --pad-to-max-length",
        help="command of the training program, without the job's options; it must pad like the peer",
    )
    parser.add_argument("--peer", default=f"torchrun {LAUNCH} Benchmarks/peer/finetune_bert.py")
    parser.add_argument(
        "--ours-launch",
        default=f".build/release/lockstep run {LAUNCH} .build/release/TestWorker barrier",
        help="command of the program that forms a group, waits at a barrier and exits",
    )
    parser.add_argument("--peer-launch", default=f"torchrun {LAUNCH} Benchmarks/peer/barrier.py")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    arguments = parser.parse_args()
    for name in "pairs", "launches", "skip_steps":
        if getattr(arguments, name) < 0:
            parser.error(f"--{name.replace('_', '-')} cannot be negative")
    return arguments


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
        sys.exit(f"bench: '{command}' ran {len(lines)} steps, but --skip-steps ignores {arguments.skip_steps}; train on more samples")
    return sum(step["samples"] for step in counted) / sum(step["seconds"] for step in counted)


def main():
    arguments = parse_arguments()
    beginning = Beginning()
    environment = peers_environment()

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

    path = write_record(arguments.results, "Lockstep and PyTorch", beginning, lines)
    print("\n".join(lines))
    print(f"bench: written to {path}")


if __name__ == "__main__":
    main()
