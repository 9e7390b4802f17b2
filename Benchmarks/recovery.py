#!/usr/bin/env python3
"""Measures how fast a job resumes after `kill -9` of a worker, and whether processes outlive a killed launcher.

    make bench-recovery               builds the programs and the peers' environment, then runs this
    Benchmarks/recovery.py --help     shows how to change the counts

A job of two ranks all-reduces every 20 ms and logs each step's time. At a random time a random rank is
killed. A trial counts as recovered if both ranks run a step after exactly one restart; its time is the time
from the kill to the later of these two steps. The contenders run alternately: a Swift worker and a Python
worker under `lockstep run`, and the same Python worker under torchrun. torchrun runs with
TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1, because with its defaults it hangs in some trials.
"""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Beginning, logged_steps, peers_environment, spread, write_record

LAUNCH = ["--standalone", "--nproc-per-node", "2", "--max-restarts", "3"]
LOCKSTEP = [str(ROOT / ".build/release/lockstep"), "run", *LAUNCH]
SWIFT_WORKER = [str(ROOT / ".build/release/TestWorker"), "steps", "100000", "20"]
PYTHON_WORKER = [str(ROOT / "Benchmarks/peer/steps.py"), "100000", "20"]
CONTENDERS = {
    "Swift worker, lockstep": LOCKSTEP + SWIFT_WORKER,
    "Python worker, lockstep": LOCKSTEP + PYTHON_WORKER,
    "Python worker, torchrun": ["torchrun", *LAUNCH, *PYTHON_WORKER],
}
START_LIMIT, RECOVERY_LIMIT = 60, 30


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--swift-trials", default=100, help="kills of a Swift worker (100)", **number)
    parser.add_argument("--python-trials", default=20, help="kills of a Python worker, per launcher (20)", **number)
    parser.add_argument("--orphan-trials", default=100, help="kills of a launcher (100)", **number)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


# One job


def steps(folder, rank):
    """[(pid, time)] of the steps that a rank has logged."""
    return logged_steps(pathlib.Path(folder, f"steps.{rank}"))


def wait_for(limit, value):
    """`value()` as soon as it is not None, or None after `limit` seconds."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        found = value()
        if found is not None:
            return found
        time.sleep(0.005)
    return None


def first_steps(folder, but=()):
    """The first step's (pid, time) of both ranks, from processes other than those in `but`."""
    firsts = [next((step for step in steps(folder, rank) if step[0] not in but), None) for rank in (0, 1)]
    return firsts if all(firsts) else None


def start(command, environment, folder):
    with open(f"{folder}/launcher.out", "wb") as output:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment | {"DIR": folder}, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def stop(launcher, pids):
    launcher.send_signal(signal.SIGTERM)
    try:
        launcher.wait(40)
    except subprocess.TimeoutExpired:
        launcher.kill()
        launcher.wait()
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


# The trials


def recovery(command, environment):
    """Seconds from the kill of a worker to the step of both ranks that follows it, or None."""
    with tempfile.TemporaryDirectory() as folder:
        launcher = start(command, environment, folder)
        pids = set()
        try:
            firsts = wait_for(START_LIMIT, lambda: first_steps(folder))
            if firsts is None:
                sys.exit(f"{pathlib.Path(folder, 'launcher.out').read_text()}\nrecovery: the job did not start")
            before = {pid for pid, _ in firsts}
            time.sleep(random.uniform(0, 0.5))
            victim = random.choice(sorted(before))
            killed = time.time_ns()
            os.kill(victim, signal.SIGKILL)
            after = wait_for(RECOVERY_LIMIT, lambda: first_steps(folder, but=before))
            pids = {pid for rank in (0, 1) for pid, _ in steps(folder, rank)}
            if after is None or len(pids) != 4:
                return None
            return (max(moment for _, moment in after) - killed) / 1e9
        finally:
            stop(launcher, pids)


def orphans(command, environment):
    """What is left a second after a launcher has been killed at a random moment: processes, temporary folders."""
    with tempfile.TemporaryDirectory() as folder:
        launcher = start(command, environment | {"TMPDIR": folder}, folder)
        time.sleep(random.uniform(0, 0.6))
        launcher.kill()
        launcher.wait()
        time.sleep(1)
        mark = f"DIR={folder}".encode()
        alive = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    alive.append(int(entry.name))
            except OSError:
                pass
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
        return len(alive), len(list(pathlib.Path(folder).glob("lockstep_*")))


def main():
    arguments = parse_arguments()
    beginning = Beginning()
    environment = peers_environment() | {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1", "OMP_NUM_THREADS": "1"}
    counts = {name: arguments.swift_trials if "Swift" in name else arguments.python_trials for name in CONTENDERS}
    times = {name: [] for name in CONTENDERS}
    for trial in range(max(counts.values())):
        for name, command in CONTENDERS.items():
            if trial < counts[name]:
                times[name].append(recovery(command, environment))
                print(f"recovery: {name} {trial + 1}/{counts[name]}: {times[name][-1]}", flush=True)

    lines = ["## `kill -9` of a worker to the next step of both ranks", ""]
    lines += ["| contender | trials | recovered at the first restart | seconds, median (min – max) |"]
    lines += ["|---|--:|--:|--:|"]
    for name, all_times in times.items():
        good = [seconds for seconds in all_times if seconds is not None]
        shown = spread(good, 3) if good else "–"
        lines.append(f"| {name} | {len(all_times)} | {len(good)} | {shown} |")
    if arguments.orphan_trials:
        left = []
        for trial in range(arguments.orphan_trials):
            left.append(orphans(CONTENDERS["Swift worker, lockstep"], environment))
            print(f"recovery: killed launcher {trial + 1}/{arguments.orphan_trials}: {left[-1]} left", flush=True)
        processes, folders = map(sum, zip(*left))
        lines += ["", "## SIGKILL of the launcher at a random time", ""]
        lines += [f"{len(left)} trials; left a second later: {processes} processes of the job, {folders} temporary folders."]

    path = write_record(arguments.results, "Recovery", beginning, lines)
    print("\n".join(lines))
    print(f"recovery: written to {path}")


if __name__ == "__main__":
    main()
