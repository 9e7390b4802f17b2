"""Code that all benchmarks share: runs both sides alternately and writes a record of the results."""

import dataclasses
import datetime
import math
import os
import pathlib
import platform
import re
import select
import shlex
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def peers_environment():
    """This process's variables, with the peers' Python and torchrun first on the path."""
    made = subprocess.run([ROOT / "Scripts/peers"], stdout=subprocess.PIPE, text=True)
    if made.returncode != 0:
        sys.exit("bench: Scripts/peers could not create the peers' environment; see its message above")
    peers = os.path.dirname(made.stdout.strip())
    return os.environ | {"PATH": f"{peers}:{os.environ['PATH']}"}


# Running commands


def run(command, environment, limit=3600):
    """Runs a command in the tree's root and returns its wall time.

    Its failure ends the benchmark, and so does more than `limit` seconds.
    """
    start = time.perf_counter()
    try:
        process = subprocess.Popen(
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
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        sys.exit(f"bench: '{command}' did not finish within {limit} s")
    finally:
        end(process)
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{output[-4000:]}\nbench: '{command}' exited with {process.returncode}")
    return seconds


def end(process):
    """Ends a process that still runs; the launchers of both sides end their ranks when they are asked to end."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def read_line(process, limit=120):
    """The next line that a process prints; its end, or silence for `limit` seconds, ends the benchmark."""
    if not select.select([process.stdout], [], [], limit)[0]:
        process.kill()
        sys.exit(f"bench: {shlex.join(map(str, process.args))} printed nothing for {limit} s")
    line = process.stdout.readline().strip()
    return line or sys.exit(f"bench: {shlex.join(map(str, process.args))} exited early")


def logged_steps(path):
    """[(pid, nanoseconds)] of the steps that `TestWorker steps` or peer/steps.py has logged so far."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return []
    fields = [line.split() for line in lines if line.count(" ") == 2]
    return [(int(pid), int(nanoseconds)) for pid, _, nanoseconds in fields]


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


def percentile(values, fraction):
    """The smallest value that at least this fraction of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(fraction * len(ordered)) - 1)]


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


@dataclasses.dataclass
class Beginning:
    """What a record says of the moment at which the benchmark began; make it first of all."""

    load: float = dataclasses.field(default_factory=lambda: os.getloadavg()[0])
    commit: str = dataclasses.field(default_factory=lambda: first_line("git", "rev-parse", "--short", "HEAD"))
    changes: str = dataclasses.field(
        default_factory=lambda: first_line("git", "status", "--porcelain", "--untracked-files=no")
    )


def write_record(folder, title, beginning, lines):
    """Writes a dated file that says what was measured, where, and on what load; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    name = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
    path = folder / f"{now:%Y-%m-%d-%H%M}-{beginning.commit}-{name}.md"
    head = [
        f"# {title}, {now:%Y-%m-%d %H:%M} UTC",
        "",
        f"- Commit: {beginning.commit}{' with changes' if beginning.changes else ''}",
        f"- Hardware: {hardware()}",
        f"- Versions: {versions()}",
        f"- Load when it began and ended (1 minute): {beginning.load:.2f}, {os.getloadavg()[0]:.2f}",
        "",
    ]
    with open(path, "x", encoding="utf-8") as file:
        file.write("\n".join(head + lines))
    return path
