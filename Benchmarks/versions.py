#!/usr/bin/env python3
"""Compares this build of Lockstep with another one, such as that of the last release.

    git worktree add ../before 0.1.0 && make -C ../before release      builds the other version
    make release && swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks
    Benchmarks/versions.py ../before/.build/release

The builds alternate within every round: the start of a job, the recovery from a killed worker, a step of a
small model under DDP, the time that DDP adds to a step of BERT-base, and a short fine-tuning of MiniLM.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

import ddp
import recovery
from measuring import ROOT, Beginning, run, spread, write_record

LAUNCH = ["run", "--standalone", "--nproc-per-node", "2"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=pathlib.Path, help="folder with the programs of the other build")
    parser.add_argument("--launches", type=int, default=20, metavar="N", help="starts of a job (20)")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="killed workers (20)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each training (5)")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


def program(folder, *names):
    """The path of a program that may have had another name."""
    for name in names:
        if (folder / name).exists():
            return str(folder / name)
    sys.exit(f"versions: {folder} has none of {', '.join(names)}: build the release programs there")


class Build:
    def __init__(self, folder, benchmarks):
        self.lockstep = program(folder, "lockstep")
        self.worker = program(folder, "TestWorker", "test-worker")
        self.finetune = program(folder, "finetune-bert")
        self.step = program(benchmarks, "DDPStep")

    def launch(self, environment):
        return run(" ".join([self.lockstep, *LAUNCH, self.worker, "barrier"]), environment)

    def recover(self, environment):
        command = [self.lockstep, *LAUNCH, "--max-restarts", "3", self.worker, "steps", "100000", "20"]
        seconds = recovery.recovery(command, environment)
        return seconds if seconds is not None else sys.exit("versions: a job did not recover from a kill")

    def toy_step(self, environment):
        job = {"model": "toy", "mode": "ddp", "steps": 10_000, "warmup": 1000}
        return ddp.rate(ddp.run([self.step], job, environment))

    def ddp_cost(self, environment):
        job = {"model": "bert", "batch": 1, "tokens": 32, "steps": 12, "warmup": 3}
        alone, parallel = (ddp.step(ddp.run([self.step], job | {"mode": mode}, environment)) for mode in ("alone", "ddp"))
        return parallel - alone

    def finetune_rate(self, environment):
        with tempfile.TemporaryDirectory() as folder:
            run(
                " ".join([
                    self.lockstep, *LAUNCH, self.finetune, "--model", ".data/all-MiniLM-L6-v2", "--data", ".data/imdb",
                    "--cache", "/tmp/lockstep-versions", "--train-samples", "256", "--eval-samples", "0", "--epochs", "1",
                    "--max-length", "128", "--json", f"{folder}/out.json",
                ]),
                environment,
            )  # fmt: skip
            last = json.loads(pathlib.Path(f"{folder}/out.json").read_text().splitlines()[-1])
            return last["summary"]["samples_per_second"]


def main():
    arguments = parse_arguments()
    beginning = Beginning()
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    before = Build(arguments.before, arguments.before)
    now = Build(ROOT / ".build/release", ROOT / ".build/benchmarks/release")
    figures = [
        ("start, join and end of 2 ranks, s", arguments.launches, Build.launch, 3),
        ("`kill -9` of a worker to the next step, s", arguments.kills, Build.recover, 3),
        ("steps of `Linear(20, 1)` under DDP, 1/s", arguments.rounds, Build.toy_step, 0),
        ("what DDP adds to a step of BERT-base, ms", arguments.rounds, Build.ddp_cost, 1),
        ("fine-tuning MiniLM, at most 128 tokens, samples/s", arguments.rounds, Build.finetune_rate, 2),
    ]
    lines = ["| median (min – max) | n | before | now | now / before |", "|---|--:|--:|--:|--:|"]
    for name, count, measure, digits in figures:
        pairs = []
        for index in range(count):
            order = (before, now) if index % 2 == 0 else (now, before)
            measured = {build: measure(build, environment) for build in order}
            pairs.append((measured[before], measured[now]))
            print(f"versions: {name} {index + 1}/{count}: {pairs[-1][0]:.{digits}f}, {pairs[-1][1]:.{digits}f}", flush=True)
        old, new = zip(*pairs)
        ratio = spread([b / a for a, b in pairs], 2)
        lines.append(f"| {name} | {count} | {spread(old, digits)} | {spread(new, digits)} | {ratio} |")
    lines.append("")
    print("\n".join(lines))
    print(write_record(arguments.results, "Two versions of Lockstep", beginning, lines))


if __name__ == "__main__":
    main()
