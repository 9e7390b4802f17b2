"""What all benchmarks share: running both sides in turns, and writing down what came out."""

import datetime
import math
import os
import pathlib
import platform
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
        sys.exit("bench: the peers' environment is missing")
    peers = os.path.dirname(made.stdout.strip())
    return os.environ | {"PATH": f"{peers}:{os.environ['PATH']}"}


# Running commands


def run(command, environment):
    """Runs a command in the tree's root and returns its wall time; its failure ends the benchmark."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
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
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{done.stdout[-4000:]}\nbench: '{command}' exited with {done.returncode}")
    return seconds


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


def write_record(folder, title, load_before, lines):
    """Writes a dated file that says what was measured, where, and on what load; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    commit = first_line("git", "rev-parse", "--short", "HEAD")
    changed = first_line("git", "status", "--porcelain", "--untracked-files=no")
    now = datetime.datetime.now(datetime.timezone.utc)
    path = folder / f"{now:%Y-%m-%d-%H%M}-{commit}.md"
    head = [
        f"# {title}, {now:%Y-%m-%d %H:%M} UTC",
        "",
        f"- Commit: {commit}{' with changes' if changed else ''}",
        f"- Hardware: {hardware()}",
        f"- Versions: {versions()}",
        f"- Load when it began and ended (1 minute): {load_before:.2f}, {os.getloadavg()[0]:.2f}",
        "",
    ]
    path.write_text("\n".join(head + lines), encoding="utf-8")
    return path
