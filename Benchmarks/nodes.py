#!/usr/bin/env python3
"""Removes nodes from a running job and adds others; measures how long the other nodes do not train. Needs root.

    make bench-nodes                  builds the programs, then runs this
    Benchmarks/nodes.py --help        shows how to change the counts and scenarios

Four hosts are network namespaces with their own addresses, joined by a bridge. Each runs `lockstep run
--nnodes=2:4 --nproc-per-node=1` with a worker that all-reduces every 20 ms and logs each step's time. A trial
succeeds if all hosts that should be in the job run a step in a new process within the limit; its time is the
time from the event to the last of these steps. A trial that fails is counted, and its output is printed; the
benchmark continues.
"""

import argparse
import contextlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Beginning, logged_steps, percentile, spread, write_record

HOSTS = 4
PORT = 29400
LIMIT = 60  # seconds to the job's first step, and to the one after the event
USUAL_SECONDS = 8  # of a trial in which nothing goes wrong, with the making of the network
NAME = f"lockstep{os.getpid()}"
LAUNCH = [
    *[str(ROOT / ".build/release/lockstep"), "run", f"--nnodes=2:{HOSTS}", "--nproc-per-node=1"],
    *["--rdzv-backend=c10d", "--rdzv-id=trial", "--max-restarts=100"],
    "--rdzv-conf=last_call_timeout=1",  # matters to the first round only, which one scenario begins with three nodes
    *[str(ROOT / ".build/release/TestWorker"), "steps", "1000000", "20"],
]


# The network


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


@contextlib.contextmanager
def network():
    """Hosts 0 ... with the addresses 10.77.0.1 ..., and a hub with a bridge that joins them."""
    names = [f"{NAME}-{host}" for host in range(HOSTS)]
    hub = f"{NAME}-hub"
    try:
        ip("netns", "add", hub)
        ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        ip("-n", hub, "link", "set", "bridge", "up")
        for host, name in enumerate(names):
            ip("netns", "add", name)
            ip("link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", f"port{host}", "netns", hub)
            ip("-n", hub, "link", "set", f"port{host}", "master", "bridge", "up")
            ip("-n", name, "address", "add", f"10.77.0.{host + 1}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        for name in [*names, hub]:
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)


def set_link(host, state):
    ip("-n", f"{NAME}-hub", "link", "set", f"port{host}", state)


# The job


class Job:
    """The launchers of one trial."""

    def __init__(self, folder, endpoint_host=0):
        self.folder, self.endpoint = folder, f"10.77.0.{endpoint_host + 1}:{PORT}"
        self.launchers = {}

    def start(self, host):
        path = pathlib.Path(self.folder, str(host))
        path.mkdir(exist_ok=True)
        command = ["ip", "netns", "exec", f"{NAME}-{host}", *LAUNCH]
        command.insert(6, f"--rdzv-endpoint={self.endpoint}")
        with open(path / "launcher.out", "ab") as output:
            self.launchers[host] = subprocess.Popen(
                command, env=os.environ | {"DIR": str(path), "OMP_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def kill(self, host):
        """Ends all processes of a host at once, as a power cut would, but for the closing of sockets."""
        launcher = self.launchers.pop(host)
        for pid in [*self.pids(host), launcher.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        launcher.wait()

    def end(self):
        for launcher in self.launchers.values():
            launcher.kill()
        for launcher in self.launchers.values():
            launcher.wait()

    def steps(self, host):
        """[(rank, pid, nanoseconds)] of the steps that a host's worker has logged, the oldest first."""
        found = []
        for file in pathlib.Path(self.folder, str(host)).glob("steps.*"):
            found += [(int(file.suffix[1:]), pid, moment) for pid, moment in logged_steps(file)]
        return sorted(found, key=lambda step: step[2])

    def pids(self, host):
        return {pid for _, pid, _ in self.steps(host)}

    def all_pids(self):
        return set().union(*(self.pids(host) for host in range(HOSTS)))

    def rank(self, host):
        return self.steps(host)[-1][0]

    def wait_for_steps(self, hosts, but=frozenset(), since=0):
        """The time of the last host's first step in a process that is not in `but`.

        None after LIMIT, or when one of these hosts' launchers has ended.
        """
        end = time.monotonic() + LIMIT
        while time.monotonic() < end and all(self.launchers[host].poll() is None for host in hosts):
            firsts = [
                next((moment for _, pid, moment in self.steps(host) if pid not in but and moment > since), None)
                for host in hosts
            ]
            if all(firsts):
                return max(firsts)
            time.sleep(0.01)
        return None

    def output(self):
        texts = [f"host {path.parent.name}\n{path.read_text()}" for path in pathlib.Path(self.folder).glob("*/launcher.out")]
        return "\n".join(sorted(texts))


# The scenarios: each is given a running job of all hosts but those in LATE, and answers (event, hosts that go on)


def anyone(job, but):
    return random.choice([host for host in range(HOSTS) if host not in but])


def first_rank(job):
    return next(host for host in range(HOSTS) if job.rank(host) == 0)


def killed(job):
    victim = anyone(job, but={0, first_rank(job)})
    return lambda: job.kill(victim), set(range(HOSTS)) - {victim}


def cut(job):
    victim = anyone(job, but={0, first_rank(job)})
    return lambda: set_link(victim, "down"), set(range(HOSTS)) - {victim}


def first_rank_killed(job):
    victim = first_rank(job)
    return lambda: job.kill(victim), set(range(HOSTS)) - {victim}


def first_rank_cut(job):
    victim = first_rank(job)
    return lambda: set_link(victim, "down"), set(range(HOSTS)) - {victim}


def rendezvous_host_killed(job):
    return lambda: job.kill(0), set(range(1, HOSTS))


def rendezvous_host_cut(job):
    return lambda: set_link(0, "down"), set(range(1, HOSTS))


def added(job):
    return lambda: job.start(HOSTS - 1), set(range(HOSTS))


def comes_back(job):
    """A host is killed, the others go on, and then it is started again."""
    victim = anyone(job, but={0, first_rank(job)})
    before = job.all_pids()
    job.kill(victim)
    if job.wait_for_steps(set(range(HOSTS)) - {victim}, before) is None:
        return None
    return lambda: job.start(victim), set(range(HOSTS))


def mended(job):
    """A host is cut off, the others continue, and its link is restored; its launcher is not restarted."""
    victim = anyone(job, but={0, first_rank(job)})
    before = job.all_pids()
    set_link(victim, "down")
    if job.wait_for_steps(set(range(HOSTS)) - {victim}, before) is None:
        return None
    return lambda: set_link(victim, "up"), set(range(HOSTS))


SCENARIOS = {
    "a node's processes are killed": killed,
    "a node's link is cut": cut,
    "rank 0's node is killed": first_rank_killed,
    "rank 0's node is cut off": first_rank_cut,
    "the rendezvous host is killed": rendezvous_host_killed,
    "the rendezvous host is cut off": rendezvous_host_cut,
    "a node is added": added,
    "a killed node is started again": comes_back,
    "a cut link is restored": mended,
}
LATE = {added: {HOSTS - 1}}
ENDPOINT = {first_rank_killed: HOSTS - 1, first_rank_cut: HOSTS - 1}  # elsewhere than rank 0's node, the first by address


@contextlib.contextmanager
def running_job(hosts=range(HOSTS), endpoint_host=0):
    """A job whose hosts have all made a step; None if that takes too long."""
    with tempfile.TemporaryDirectory() as folder, network():
        job = Job(folder, endpoint_host)
        try:
            for host in hosts:
                job.start(host)
            begun = job.wait_for_steps(hosts) is not None
            if not begun:
                print(f"{job.output()}\nnodes: the job did not start", flush=True)
            yield job if begun else None
        finally:
            job.end()


def trial(scenario, verbose):
    """Seconds from the event to the step of the last host that goes on, or None."""
    with running_job(set(range(HOSTS)) - LATE.get(scenario, set()), ENDPOINT.get(scenario, 0)) as job:
        if job is None:
            return None
        time.sleep(random.uniform(0, 0.5))
        prepared = scenario(job)
        if prepared is None:
            print(f"{job.output()}\nnodes: the other nodes did not train before the event", flush=True)
            return None
        event, remaining = prepared
        before = job.all_pids()
        start = time.time_ns()
        event()
        moment = job.wait_for_steps(remaining, before, start)
        if moment is None or verbose:
            print(job.output(), flush=True)
        return None if moment is None else (moment - start) / 1e9


def false_alarms(seconds, burners):
    """How often a job whose nodes are all well restarts its workers while others use all cores; None if it never ran."""
    with running_job() as job:
        if job is None:
            return None
        before = {host: len(job.pids(host)) for host in range(HOSTS)}
        busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(burners)]
        try:
            time.sleep(seconds)
            alarms = max(len(job.pids(host)) - before[host] for host in range(HOSTS))
        finally:
            for process in busy:
                process.kill()
                process.wait()
        if alarms:
            print(job.output(), flush=True)
        return alarms


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=20, metavar="N", help="trials of each scenario (20)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only scenarios whose name contains this")
    parser.add_argument("--load-seconds", type=int, default=120, metavar="N", help="seconds under full load (120)")
    parser.add_argument("--verbose", action="store_true", help="print the output of the launchers")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if os.geteuid() != 0:
        sys.exit("nodes: creating network namespaces requires root: run it as root")
    scenarios = {name: scenario for name, scenario in SCENARIOS.items() if arguments.only in name}
    count = len(scenarios) * arguments.trials
    usual = (count * USUAL_SECONDS + arguments.load_seconds) / 60
    print(f"nodes: {count} trials; about {usual:.0f} minutes", flush=True)

    beginning = Beginning()
    lines = ["| event | trials | continued | seconds to the next step, median (min – max) | 90 % |", "|---|--:|--:|--:|--:|"]
    for name, scenario in scenarios.items():
        times = []
        for number in range(arguments.trials):
            times.append(trial(scenario, arguments.verbose))
            print(f"nodes: {name}, {number + 1}/{arguments.trials}: {times[-1]}", flush=True)
        good = [seconds for seconds in times if seconds is not None]
        shown = f"{spread(good, 2)} | {percentile(good, 0.9):.2f}" if good else "– | –"
        lines.append(f"| {name} | {len(times)} | {len(good)} | {shown} |")
    if arguments.load_seconds:
        burners = 4 * (os.cpu_count() or 1)
        alarms = false_alarms(arguments.load_seconds, burners)
        what = f"false alarms in {arguments.load_seconds} s of {burners} busy processes on {os.cpu_count()} cores"
        lines.append(f"| {what} | 1 | {'did not start' if alarms is None else f'{alarms} alarms'} | – | – |")
    path = write_record(arguments.results, "Nodes that leave and join", beginning, lines)
    print("\n".join(lines))
    print(f"nodes: written to {path}")


if __name__ == "__main__":
    main()
