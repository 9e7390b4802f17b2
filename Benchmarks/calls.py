#!/usr/bin/env python3
"""Compares the time of an operator call on four elements from Swift with that from Python.

    make bench-calls
    Benchmarks/calls.py --rounds 20

Both programs run all the time on one thread, and measure alternately: 200,000 calls each in a round.
"""

import argparse
import pathlib
import subprocess

from measuring import ROOT, Beginning, peers_environment, read_line, spread, write_record

SIDES = {
    "Lockstep": [str(ROOT / ".build/benchmarks/release/CallTime")],
    "PyTorch": ["python", str(ROOT / "Benchmarks/peer/call_time.py")],
}
CALLS = {
    "add": "`x + y`", "grad": "`x + y`, recorded for a backward pass", "scalar": "`x * 2`", "reduce": "`x.sum(dim: 0)`",
}  # fmt: skip


def measure(process, call):
    print(call, file=process.stdin, flush=True)
    return float(read_line(process))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, metavar="N", help="rounds of each call (10)")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    options = parser.parse_args()
    beginning = Beginning()
    environment = peers_environment() | {"OMP_NUM_THREADS": "1"}
    processes = {
        name: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for name, command in SIDES.items()
    }
    lines = ["| ns per call, median (min – max) | Lockstep | PyTorch | Lockstep / PyTorch |", "|---|--:|--:|--:|"]
    for call, text in CALLS.items():
        pairs = []
        for number in range(options.rounds):
            order = list(processes) if number % 2 == 0 else list(processes)[::-1]
            measured = {name: measure(processes[name], call) for name in order}
            pairs.append((measured["Lockstep"], measured["PyTorch"]))
        ours, theirs = zip(*pairs)
        lines.append(f"| {text} | {spread(ours, 0)} | {spread(theirs, 0)} | {spread([a / b for a, b in pairs], 2)} |")
        print(lines[-1], flush=True)
    for process in processes.values():
        process.stdin.close()
        process.wait(60)
    lines.append("")
    print(write_record(options.results, "Time of an operator call", beginning, lines))


if __name__ == "__main__":
    main()
