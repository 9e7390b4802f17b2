#!/usr/bin/env python3
"""Compares Lockstep's shared-memory collectives with PyTorch's Gloo and with the memory bandwidth.

    make bench-collectives            builds the benchmark and the peers' environment, then runs this
    Benchmarks/collectives.py --ranks 4 --collectives all_reduce

The ranks of both sides keep running and wait for requests. The sides alternate for several rounds per size,
and each round changes the order. Each measured time is one call on the last rank, within a series of calls.
The memory bandwidth is what all ranks reach when they copy at the same time, counting bytes read and written,
with sizes larger than any cache. An all-reduce of n bytes on two ranks reads 2n bytes and writes 2n.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

from measuring import ROOT, Beginning, peers_environment, read_line, write_record

SIZES = [4, 1 << 10, 16 << 10, 64 << 10, 1 << 20, 8 << 20, 25 << 20, 440_000_000]
BEYOND_CACHES = 400_000_000  # bytes; smaller copies may stay in a cache


class Side:
    """The ranks of one side."""

    def __init__(self, command, ranks, folder, environment):
        store = os.path.join(folder, f"store-{os.path.basename(command[-1])}")
        self.ranks = [
            subprocess.Popen(
                command,
                env=environment | {"RANK": str(rank), "WORLD_SIZE": str(ranks), "STORE": store},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if rank == ranks - 1 else subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
            )
            for rank in range(ranks)
        ]

    def times(self, *words):
        """Microseconds of each call."""
        for rank in self.ranks:
            rank.stdin.write(" ".join(map(str, words)) + "\n")
            rank.stdin.flush()
        return [time / 1000 for time in json.loads(read_line(self.ranks[-1], 600))]

    def close(self):
        for rank in self.ranks:
            rank.stdin.close()
        for rank in self.ranks:
            try:
                rank.wait(20)
            except subprocess.TimeoutExpired:
                rank.kill()


def calls(size, is_slow):
    """Returns the number of calls of a size in one round."""
    if size <= 64 << 10:
        return 100 if is_slow else 500
    return max(3, min(100, (256 << 20) // size // (2 if is_slow else 1)))


def text(microseconds):
    return f"{microseconds:.1f} µs" if microseconds < 1000 else f"{microseconds / 1000:.2f} ms"


def spread(times):
    low, high = (statistics.quantiles(times, n=10)[index] for index in (0, 8))
    return f"{text(statistics.median(times))} ({text(min(times))}; {text(low)} – {text(high)})"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="BYTES")
    parser.add_argument(
        "--collectives", nargs="+", default=["all_reduce", "broadcast", "all_gather", "barrier"]
    )
    parser.add_argument("--ours", default=".build/benchmarks/release/CollectivesBench")
    parser.add_argument("--results", type=pathlib.Path, help="folder for a dated record")
    arguments = parser.parse_args()
    beginning = Beginning()
    environment = peers_environment() | {"OMP_NUM_THREADS": "1"}

    lines = [
        f"{arguments.ranks} ranks, one thread each, float32; {arguments.rounds} rounds in turn; median "
        "(minimum; 10 % – 90 %) of all calls.",
        "",
        "| collective | bytes | Lockstep, plain memory | Lockstep, group's memory | Gloo | Gloo / plain | Gloo / group's |"
        " of the memory bandwidth |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        ours = Side([arguments.ours], arguments.ranks, folder, environment)
        gloo = Side(["python", "Benchmarks/peer/gloo_collectives.py"], arguments.ranks, folder, environment)
        for name in arguments.collectives:
            for size in [4] if name == "barrier" else arguments.sizes:
                plain, shared, peer, copies = [], [], [], []
                turns = [
                    lambda: plain.extend(ours.times(name, size, calls(size, False), "plain")),
                    lambda: shared.extend(ours.times(name, size, calls(size, False), "shared")),
                    lambda: peer.extend(gloo.times(name, size, calls(size, True), "plain")),
                ]
                for index in range(arguments.rounds):
                    for turn in turns[index % 3 :] + turns[: index % 3]:
                        turn()
                    if size >= BEYOND_CACHES and name == "all_reduce":
                        copies.extend(2 * size / time for time in ours.times("copy", size, 3, "plain"))
                share = "–"
                if copies:
                    # With two ranks, each rank transfers 2n bytes.
                    bandwidth = statistics.median(copies)
                    best = 2 * size / statistics.median(shared)
                    share = f"{best / bandwidth * 2 / arguments.ranks:.0%} of {bandwidth / 1000:.1f} GB/s a core"
                median = statistics.median
                lines.append(
                    f"| {name} | {size} | {spread(plain)} | {spread(shared)} | {spread(peer)} | "
                    f"{median(peer) / median(plain):.1f} | {median(peer) / median(shared):.1f} | {share} |"
                )
                print(lines[-1], flush=True)
        ours.close()
        gloo.close()
    if arguments.results:
        title = f"Collectives over shared memory and Gloo, {arguments.ranks} ranks"
        path = write_record(arguments.results, title, beginning, lines + [""])
        print(f"collectives: written to {path}")


if __name__ == "__main__":
    main()
