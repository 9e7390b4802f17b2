#!/usr/bin/env python3
"""Counts how processes end: clean exits, reports of the right rank, and stops with code 75.

    make endings                      builds the programs, then runs this (about 20 minutes)
    Benchmarks/endings.py --help      shows how to change the counts

Exits: TestEnding exits in several ways while its loader threads call libtorch and other processes use all processors.
Reports: jobs of two and four ranks, on one and two nodes, in which a random rank ends by itself. The report of each
launcher has to name that rank, and with --max-restarts, so does the line that announces the restart.
Out-of-memory kills need root and a kernel that lets it create control groups; without these they are left out and
the record says so.
Stops: jobs on one and two nodes whose launchers and workers receive SIGTERM or SIGUSR1 at a random time and then
repeatedly. Each launcher has to exit with 75. The results are written to a dated file in Benchmarks/results/.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Beginning, write_record

LIMIT = 120  # seconds for one job
EXITS = {"return": 0, "exit": 7, "stop": 75, "throw": 1, "shape": 1, "loader-shape": 1}
KINDS = {
    "exit": "exit(3)",
    "slow-exit": "exit(3) with a slow handler",
    "trap": "trap",
    "kill": "kill -9",
    "abort": "abort",
    "throw": "thrown error",
    "unrecorded": "error at top level",
    "memory": "failed allocation",
    "oom": "out-of-memory kill by the kernel",
    "exit-75": "exit(75) without a request",
}
SIZES = [(2, 1), (4, 1), (2, 2), (4, 2)]  # ranks, nodes


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--exits", type=int, default=200, metavar="N", help="exits under load (200)")
    parser.add_argument("--reports", type=int, default=80, metavar="N", help="jobs that fail (80)")
    parser.add_argument("--stops", type=int, default=100, metavar="N", help="jobs that are stopped (100)")
    parser.add_argument(
        "--load", type=int, default=os.cpu_count() or 1, metavar="N",
        help="busy processes beside the exits (one for each processor)",
    )
    parser.add_argument("--seed", type=int, default=None, help="seed of ranks and times (default: random)")
    parser.add_argument(
        "--programs", type=lambda path: pathlib.Path(path).resolve(), default=ROOT / ".build/release"
    )
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


class Jobs:
    """Starts programs whose output goes to files in a temporary folder."""

    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.TemporaryDirectory()
        self.count = 0

    def start(self, *command, group=None, **variables):
        self.count += 1
        path = pathlib.Path(self.folder.name) / str(self.count)
        path.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PET_")}
        environment |= {"OMP_NUM_THREADS": "1", "DIR": str(path)} | variables
        with open(path / "output", "wb") as output, open(path / "errors", "wb") as errors:
            enter = ["/bin/sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', str(group)] if group else []
            process = subprocess.Popen(
                [*enter, str(self.programs / command[0]), *map(str, command[1:])],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=environment,
            )
        process.path = path
        return process

    def launch(self, ranks, nodes, options, worker, groups=()):
        """Starts a launcher for each node, in its control group if there are some."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        launchers = []
        for node in range(nodes):
            rendezvous = ["--standalone"]
            if nodes > 1:
                rendezvous = ["--nnodes", nodes, "--node-rank", node, "--local-addr", f"127.0.0.{node + 2}"]
                rendezvous += ["--rdzv-endpoint", f"127.0.0.1:{port}"]
            launchers.append(
                self.start(
                    *["lockstep", "run", "--nproc-per-node", ranks // nodes, *rendezvous, *options],
                    *[self.programs / "TestEnding", *worker],
                    group=groups[node] if groups else None,
                    # The nodes share a kernel, so the ranks would choose shared memory.
                    **({"LOCKSTEP_BACKEND": "gloo"} if nodes > 1 else {}),
                )
            )
        return launchers


@contextlib.contextmanager
def memory_groups(count, limit=2 << 30):
    """Creates control groups (version 1 or 2) with a memory limit in bytes."""
    root = pathlib.Path("/sys/fs/cgroup")
    is_first_version = (root / "memory/cgroup.procs").exists()
    parent = root / "memory" if is_first_version else root
    if count > 0 and not is_first_version:
        (parent / "cgroup.subtree_control").write_text("+memory")
    groups = []
    try:
        for index in range(count):
            group = parent / f"lockstep-endings-{os.getpid()}-{index}"
            group.mkdir()
            groups.append(group)
            (group / ("memory.limit_in_bytes" if is_first_version else "memory.max")).write_text(str(limit))
            if not is_first_version:
                (group / "memory.swap.max").write_text("0")
        yield groups
    finally:
        for group in groups:
            group.rmdir()


def memory_obstacle():
    """The reason why memory cannot be limited here; None if it can."""
    try:
        with memory_groups(1):
            return None
    except OSError as error:
        return f"cannot limit memory with a control group: {error}"


def errors(process):
    return (process.path / "errors").read_text(errors="replace")


def code(process):
    try:
        number = process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "no end"
    return number if number >= 0 else 128 - number


@contextlib.contextmanager
def load(count):
    """Keeps processors busy."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def count_exits(jobs, count, busy):
    """Returns the number of clean exits by kind, and what went wrong."""
    clean, wrong = collections.Counter(), []
    kinds = list(EXITS)
    with load(busy):
        for index in range(count):
            kind = kinds[index % len(kinds)]
            process = jobs.start("TestEnding", "loaders", kind)
            got = code(process)
            if got == EXITS[kind]:
                clean[kind] += 1
            else:
                wrong.append(f"exit {index} ({kind}): code {got}, not {EXITS[kind]}: {errors(process)[-300:]}")
            if (index + 1) % 20 == 0:
                print(f"endings: {sum(clean.values())} of {index + 1} exits are clean", flush=True)
    return clean, wrong


def count_reports(jobs, count, kinds, rng):
    """Returns the number of right reports and of trials by kind, and what went wrong."""
    right, trials, wrong = collections.Counter(), collections.Counter(), []
    plan = [(kind, size) for size in SIZES for kind in kinds]
    for index in range(count):
        kind, (ranks, nodes) = plan[index % len(plan)]
        victim, restarts = rng.randrange(ranks), rng.randrange(2)
        with memory_groups(nodes if kind == "oom" else 0) as groups:
            launchers = jobs.launch(ranks, nodes, ["--max-restarts", restarts], ["rank", kind, victim], groups)
            ended = [(code(launcher), errors(launcher)) for launcher in launchers]
        texts = [text for _, text in ended]
        if restarts:
            # The restarted job succeeds, because the rank fails in the first attempt only.
            is_right = all(number == 0 for number, _ in ended) and all(
                any("restart 1 of 1" in line and f"because rank {victim} " in line for line in text.splitlines())
                for text in texts
            )
        else:
            is_right = all(f"FAILED: rank {victim} was the first to fail" in text for text in texts)
        if kind == "oom":
            is_right = is_right and all("because memory ran out" in text for text in texts)
        trials[kind] += 1
        right[kind] += is_right
        if not is_right:
            what = f"rank {victim} of {ranks} on {nodes} nodes, {restarts} restarts, {KINDS[kind]}"
            wrong.append(f"report {index} ({what}): " + "\n---\n".join(text[-1500:] for text in texts))
    return right, trials, wrong


def workers(launcher):
    """The process ids that the workers of a launcher have written."""
    return [int(path.read_text()) for path in launcher.path.glob("pid.0.*") if path.read_text().strip()]


def is_worker(pid):
    try:
        return b"TestEnding" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def count_stops(jobs, count, rng):
    """Returns the exit codes of the launchers, and what went wrong."""
    codes, wrong = collections.Counter(), []
    for index in range(count):
        nodes = 1 + index % 2
        first = rng.choice([signal.SIGTERM, signal.SIGUSR1])
        launchers = jobs.launch(2 * nodes, nodes, [], ["steps", 100000, 2])
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            if any(b"running" in (launcher.path / "output").read_bytes() for launcher in launchers):
                break
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.2))
        ranks = [pid for launcher in launchers for pid in workers(launcher)]
        rng.choice(launchers).send_signal(first)
        for _ in range(50):
            time.sleep(rng.uniform(0, 0.02))
            for launcher in launchers:
                if launcher.poll() is None:
                    launcher.send_signal(signal.SIGTERM)
            for pid in filter(is_worker, ranks):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        for launcher in launchers:
            got = code(launcher)
            codes[got] += 1
            if got != 75:
                wrong.append(f"stop {index} ({nodes} nodes): code {got}: {errors(launcher)[-1500:]}")
    return codes, wrong


def main():
    arguments = parse_arguments()
    beginning = Beginning()
    seed = arguments.seed if arguments.seed is not None else random.randrange(2**32)
    rng = random.Random(seed)
    jobs = Jobs(arguments.programs)
    clean, wrong = count_exits(jobs, arguments.exits, arguments.load)
    print(f"endings: {sum(clean.values())} of {arguments.exits} exits are clean", flush=True)
    obstacle = memory_obstacle()
    kinds = [kind for kind in KINDS if kind != "oom" or not obstacle]
    right, trials, wrong_reports = count_reports(jobs, arguments.reports, kinds, rng)
    print(f"endings: {sum(right.values())} of {arguments.reports} reports name the right rank", flush=True)
    codes, wrong_stops = count_stops(jobs, arguments.stops, rng)
    print(f"endings: {codes[75]} of {sum(codes.values())} launchers exited with 75", flush=True)
    wrong += wrong_reports + wrong_stops
    lines = [
        f"    Benchmarks/endings.py --exits {arguments.exits} --reports {arguments.reports} "
        f"--stops {arguments.stops} --load {arguments.load} --seed {seed}",
        "",
        f"Programs of a {arguments.programs.name} build.",
        "",
        "## Exits while loader threads call libtorch, on busy processors",
        "",
        "| exit | with its own code |",
        "|---|--:|",
        *[f"| {kind} | {clean[kind]} |" for kind in EXITS],
        f"| all | {sum(clean.values())} of {arguments.exits} |",
        "",
        "## Reports and restarts that name the rank that ended by itself",
        "",
        "Two and four ranks, on one node (shared memory) and two nodes (Gloo), without and with a restart.",
        "",
        "| the rank ends by | right |",
        "|---|--:|",
        *[f"| {KINDS[kind]} | {right[kind]} of {trials[kind]} |" for kind in kinds],
        f"| all | {sum(right.values())} of {arguments.reports} |",
        "",
        *([f"No out-of-memory kills: {obstacle}.", ""] if obstacle else []),
        "## Launchers of stopped jobs by exit code",
        "",
        "Two ranks on each of one or two nodes; 50 further signals to launchers and workers.",
        "",
        "| code | launchers |",
        "|---|--:|",
        *[f"| {number} | {times} |" for number, times in sorted(codes.items(), key=str)],
        "",
    ]
    path = write_record(arguments.results, "Endings", beginning, lines)
    print("\n".join(lines))
    print(f"endings: written to {path}")
    for text in wrong:
        print(f"endings: WRONG: {text}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
