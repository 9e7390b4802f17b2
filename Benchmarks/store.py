#!/usr/bin/env python3
"""Compares Lockstep's TCPStore server with PyTorch's (libuv): operations per second, and memory per client.

    make bench-store                  builds the programs and the peers' environment, then runs this
    Benchmarks/store.py --help        shows how to change the counts

Both servers run all the time. Each has its own instance of the same load generator, which keeps all clients
connected. The sides run alternately, and the order changes with each round. Every client repeats three operations
(set, get, add), one at a time. Server, kernel and load generator share the machine's cores, so the record also has
the server's processor time per operation. Memory is the increase of the server's RssAnon when all clients are
connected and have run the three operations once.
"""

import argparse
import os
import pathlib
import subprocess

from measuring import ROOT, Beginning, peers_environment, read_line, spread, write_record

BENCH = str(ROOT / ".build/benchmarks/release/StoreBench")
SERVERS = {"Lockstep": [BENCH, "serve"], "PyTorch": ["python", str(ROOT / "Benchmarks/peer/store_server.py")]}
TICK = os.sysconf("SC_CLK_TCK")


class Side:
    """A server and its clients."""

    def __init__(self, name, clients, environment):
        self.server = self.start(SERVERS[name], environment)
        port = read_line(self.server)
        before = self.memory()
        self.load = self.start([BENCH, "load", port, str(clients)], environment)
        assert read_line(self.load) == "ready"
        self.bytes_per_client = (self.memory() - before) / clients

    @staticmethod
    def start(command, environment):
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def memory(self):
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon"))

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def burst(self, milliseconds):
        """(operations per second, the server's microseconds of processor time per operation)"""
        before = self.processor_seconds()
        print(milliseconds, file=self.load.stdin, flush=True)
        exchanges, nanoseconds = map(int, read_line(self.load, 60 + milliseconds / 1000).split())
        operations = 3 * exchanges
        return operations / nanoseconds * 1e9, (self.processor_seconds() - before) / operations * 1e6

    def end(self):
        for process in (self.load, self.server):
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def measure(clients, rounds, milliseconds, environment):
    """A row of the table for each side."""
    sides = {}
    try:
        for name in SERVERS:
            sides[name] = Side(name, clients, environment)
        for side in sides.values():
            side.burst(milliseconds)  # warms up
        bursts = {name: [] for name in sides}
        for index in range(rounds):
            for name in list(sides)[:: 1 if index % 2 == 0 else -1]:
                bursts[name].append(sides[name].burst(milliseconds))
        rows = []
        for name, side in sides.items():
            rates, costs = zip(*bursts[name])
            thousands = [rate / 1000 for rate in rates]
            rows.append(f"| {clients} | {name} | {spread(thousands, 1)} | {spread(costs, 2)} | {side.bytes_per_client:,.0f} |")
            print(f"store: {rows[-1]}", flush=True)
        return rows
    finally:
        for side in sides.values():
            side.end()


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, nargs="+", default=[2, 10, 100, 1000], metavar="N")
    parser.add_argument("--rounds", type=int, default=10, metavar="N", help="bursts per side (10)")
    parser.add_argument("--milliseconds", type=int, default=500, metavar="N", help="duration of a burst in milliseconds (500)")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    environment = peers_environment()
    beginning = Beginning()
    lines = [
        f"{arguments.rounds} bursts of {arguments.milliseconds} ms of each side, in turns; median (min – max).",
        "",
        "| clients | server | thousand operations/s | server's µs per operation | bytes per client |",
        "|--:|---|--:|--:|--:|",
    ]
    for clients in arguments.clients:
        lines += measure(clients, arguments.rounds, arguments.milliseconds, environment)
    path = write_record(arguments.results, "The store", beginning, lines)
    print("\n".join(lines))
    print(f"store: written to {path}")


if __name__ == "__main__":
    main()
