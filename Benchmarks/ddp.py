#!/usr/bin/env python3
"""Compares data-parallel training on two ranks with PyTorch's DDP over Gloo.

    make bench-ddp                    builds the programs and the peers' environment, then runs this
    Benchmarks/ddp.py --parts toy --rounds 3

The sides run alternately, and each round begins with the other side. Every rank has one thread; Lockstep's ranks use
shared memory. The parts:

    toy       steps per second of Linear(20, 1), batch 32
    hidden    a step of BERT-base with DDP minus one without, with few tokens, so gradients dominate
    memory    the peak of a rank that fine-tunes BERT-base
    zero      the optimizer's state and the peak of a rank with ZeroRedundancyOptimizer
    replicas  DataParallel in one process with two threads, and DDP on two ranks (Lockstep only)
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from measuring import ROOT, Beginning, peers_environment, spread, write_record

OURS = [ROOT / ".build/benchmarks/release/DDPStep"]
PEER = ["python", ROOT / "Benchmarks/peer/ddp_step.py"]
LIMIT = 120  # seconds of a run
TRIES = 3  # PyTorch's ranks sometimes wait for each other and do not end


def run(command, options, environment, ranks=2):
    """Runs a side's ranks and returns what each of them tells."""
    for _ in range(TRIES):
        if results := try_once(command, options, environment, ranks):
            return results
        print(f"bench: {command[-1]} did not finish within {LIMIT} s; trying again", flush=True)
    sys.exit(f"bench: {command[-1]} {options} did not finish within {LIMIT} s in {TRIES} attempts")


def try_once(command, options, environment, ranks):
    """What each rank tells; None if they do not end."""
    words = [f"--{name}={value}" for name, value in options.items()]
    with tempfile.TemporaryDirectory() as folder:
        running = [
            subprocess.Popen(
                [*command, *words],
                cwd=ROOT,
                env=environment
                | {"RANK": str(rank), "WORLD_SIZE": str(ranks), "STORE": f"{folder}/store"}
                | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for rank in range(ranks)
        ]
        try:
            ended = [(rank, *rank.communicate(timeout=LIMIT)) for rank in running]
        except subprocess.TimeoutExpired:
            return None
        finally:
            for rank in running:
                rank.kill()
    for rank, _, errors in ended:
        if rank.returncode != 0:
            sys.exit(f"{errors[-3000:]}\nbench: {command[-1]} {' '.join(words)} failed")
    return [json.loads(output.splitlines()[-1]) for _, output, _ in ended]


def rounds(count, sides, environment):
    """{name: [result of each round]} of sides {name: (command, options, ranks)} that take turns."""
    results = {name: [] for name in sides}
    for index in range(count):
        names = list(sides) if index % 2 == 0 else list(reversed(sides))
        for name in names:
            results[name].append(run(*sides[name][:2], environment, *sides[name][2:]))
            print(f"bench: round {index + 1}/{count}, {name}", flush=True)
    return results


def step(result):
    """Milliseconds of a step in the middle, of the slowest rank."""
    return max(statistics.median(rank["times"]) for rank in result) / 1e6


def rate(result):
    """Steps a second over all steps."""
    return min(len(rank["times"]) / sum(rank["times"]) * 1e9 for rank in result)


def mebibytes(key):
    return lambda result: max(rank[key] for rank in result) / 2**20


def table(title, results, columns):
    """Lines of a table; columns are {title: (function of a result, digits)}."""
    count = len(next(iter(results.values())))
    return [
        f"## {title}",
        "",
        f"| median (min – max) of {count} runs | {' | '.join(columns)} |",
        f"|---|{'--:|' * len(columns)}",
        *(
            f"| {name} | "
            + " | ".join(spread([of(result) for result in runs], digits) for of, digits in columns.values())
            + " |"
            for name, runs in results.items()
        ),
        "",
    ]


def ratios(title, results, of, ours, peer):
    """A line with the quotient of two sides in each round."""
    quotients = [of(mine) / of(other) for mine, other in zip(results[ours], results[peer])]
    return [f"{title}: {spread(quotients, 2)}.", ""]


def toy(count, environment):
    results = rounds(
        count,
        {
            "Lockstep": (OURS, {"steps": 10_000, "warmup": 1000}),
            "PyTorch": (PEER, {"steps": 2000, "warmup": 200}),
            "PyTorch, bucket views": (PEER, {"steps": 2000, "warmup": 200, "mode": "view"}),
        },
        environment,
    )
    columns = {"steps/s": (rate, 0), "step in the middle, ms": (step, 4)}
    return table("Toy step: Linear(20, 1), batch 32, 2 ranks", results, columns) + ratios(
        "Steps a second against PyTorch's", results, rate, "Lockstep", "PyTorch"
    )


def hidden(count, environment):
    job = {"model": "bert", "batch": 1, "tokens": 32, "steps": 15, "warmup": 4}
    results = rounds(
        count,
        {
            "Lockstep, alone": (OURS, job | {"mode": "alone"}),
            "Lockstep": (OURS, job),
            "PyTorch, alone": (PEER, job | {"mode": "alone"}),
            "PyTorch": (PEER, job),
            "PyTorch, bucket views": (PEER, job | {"mode": "view"}),
        },
        environment,
    )

    def costs(side):
        return [step(all_) - step(alone) for all_, alone in zip(results[side], results[f"{side}, alone"])]

    ours, peer = costs("Lockstep"), costs("PyTorch")
    lines = table("Step of BERT-base, 1 × 32 tokens, SGD, 2 ranks", results, {"step, ms": (step, 1)})
    return lines + [
        f"With DDP minus without, ms: Lockstep {spread(ours, 1)}, PyTorch {spread(peer, 1)}.",
        f"Ratio of the medians: {statistics.median(ours) / statistics.median(peer):.2f}.",
        "",
    ]


def memory(count, environment):
    job = {"model": "bert", "batch": 4, "tokens": 128, "steps": 2, "warmup": 3, "optimizer": "adamw"}
    results = rounds(
        count,
        {
            "Lockstep": (OURS, job),
            "PyTorch": (PEER, job),
            "PyTorch, bucket views": (PEER, job | {"mode": "view"}),
        },
        environment,
    )
    columns = {"peak of a rank, MiB": (mebibytes("peak_bytes"), 0), "step, ms": (step, 0)}
    return table("Memory: BERT-base, 4 × 128 tokens, AdamW, 2 ranks", results, columns)


def zero(count, environment):
    job = {"model": "bert", "batch": 1, "tokens": 32, "steps": 2, "warmup": 3}
    sides = {}
    for name, command in [("Lockstep", OURS), ("PyTorch", PEER)]:
        sides[f"{name}, AdamW"] = (command, job | {"optimizer": "adamw"})
        sides[f"{name}, ZeRO"] = (command, job | {"optimizer": "zero"})
    columns = {
        "optimizer's state of a rank, MiB": (mebibytes("state_bytes"), 1),
        "peak of a rank, MiB": (mebibytes("peak_bytes"), 0),
        "step, ms": (step, 0),
    }
    return table(
        "ZeRO: BERT-base, 1 × 32 tokens, 2 ranks", rounds(count, sides, environment), columns
    )


def replicas(count, environment):
    job = {"model": "dense", "batch": 32, "steps": 100, "warmup": 10}
    results = rounds(
        count,
        {
            "DataParallel": (OURS, job | {"mode": "replicas"}, 1),
            "DistributedDataParallel": (OURS, job),
            "a rank alone": (OURS, job | {"mode": "alone"}),
        },
        environment,
    )
    return table(
        "DataParallel: four layers of 1024 × 1024, 64 samples in all", results, {"step, ms": (step, 2)}
    )


PARTS = {"toy": toy, "hidden": hidden, "memory": memory, "zero": zero, "replicas": replicas}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--results", type=pathlib.Path, help="folder for a dated record (none)")
    options = parser.parse_args()
    beginning = Beginning()
    environment = peers_environment()
    lines = [f"Command: `Benchmarks/ddp.py {' '.join(sys.argv[1:])}`.", ""]
    for name in options.parts:
        lines += PARTS[name](options.rounds, environment)
    print("\n".join(lines))
    if options.results:
        print(write_record(options.results, "Data parallelism", beginning, lines))


if __name__ == "__main__":
    main()
