#!/usr/bin/env python3
"""Kills jobs at random times and compares their results with those of an undisturbed job.

    make soak                         builds the programs, then runs this (about 10 minutes)
    Benchmarks/soak.py --help         shows how to change the counts

Every job runs under `lockstep run --max-restarts`. One to three times, a random rank is killed with kill -9 at a
random time or while a snapshot is being written. A job passes if it completes with the same weights, bit for bit, as
the undisturbed job. Steps and their times are read from the jobs' `metrics.jsonl`, which also contains the number of
restarts. The results are written to a dated file in Benchmarks/results/.
"""

import argparse
import json
import os
import pathlib
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Beginning, percentile, write_record

LIMIT = 180  # seconds for one job


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--toy", type=int, default=50, metavar="N", help="jobs of toy-elastic (50)")
    parser.add_argument("--bert", type=int, default=10, metavar="N", help="jobs of finetune-bert (10)")
    parser.add_argument("--seed", type=int, default=None, help="seed of the kills (default: random)")
    parser.add_argument(
        "--programs", type=lambda path: pathlib.Path(path).resolve(), default=ROOT / ".build/release"
    )
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


# The jobs


def toy_elastic(folder):
    return ["toy-elastic", "--total-epochs", "15", "--save-every", "5", "--save-every-steps", "37"]


def finetune_bert(folder):
    """A small model with random weights and dropout, on reviews made of a few words."""
    words = ["good", "bad", "film", "the", "a", "was", "very", "##ly", "!", "."]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + words
    model, data = folder / "model", folder / "data"
    model.mkdir()
    data.mkdir()
    (model / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    (model / "config.json").write_text(
        json.dumps(
            {
                "model_type": "bert",
                "vocab_size": len(vocabulary),
                "hidden_size": 64,
                "num_hidden_layers": 4,
                "num_attention_heads": 4,
                "intermediate_size": 256,
                "max_position_embeddings": 32,
                "type_vocab_size": 2,
            }
        )
    )
    (model / "model.safetensors").write_bytes(struct.pack("<Q", 2) + b"{}")
    rows = [
        f'"{("the film was very " + ("good " if index % 2 else "bad ")) * (1 + index % 5)}!",{index % 2}'
        for index in range(400)
    ]
    for name in "train", "test":
        (data / f"{name}.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    return (
        ["finetune-bert", "--model", str(model), "--from-scratch", "--data", str(data), "--cache", str(folder / "cache")]
        + ["--epochs", "2"]
        + ["--batch-size", "4", "--max-length", "32", "--learning-rate", "1e-3", "--eval-samples", "20"]
        + ["--save-every-steps", "11"]
    )


class Job:
    """A job in a folder of its own."""

    def __init__(self, programs, make, ranks, folder):
        self.folder = folder
        arguments = make(folder)
        self.name = arguments[0]
        self.output = open(folder / "output", "w+b")
        command = [programs / "lockstep", "run", "--standalone", "--nproc-per-node", str(ranks)]
        command += ["--max-restarts", "3", programs / arguments[0]] + arguments[1:]
        command += ["--snapshots", folder / "snapshots", "--log-dir", folder / "logs"]
        self.ranks = ranks
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )

    def workers(self, attempt):
        """{rank: process} of the workers that run after the given number of restarts."""
        found = {}
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parent = file.read().rpartition(")")[2].split()[1]
                if parent != str(self.process.pid):
                    continue
                with open(f"/proc/{name}/environ", "rb") as file:
                    variables = dict(
                        entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry
                    )
            except (OSError, IndexError):
                continue
            if variables.get(b"TORCHELASTIC_RESTART_COUNT") == str(attempt).encode():
                if b"RANK" in variables:
                    found[int(variables[b"RANK"])] = int(name)
        return found

    def is_writing(self):
        try:
            return any(name.startswith(".partial-") for name in os.listdir(self.folder / "snapshots"))
        except OSError:
            return False

    def wait(self, condition, limit):
        """Polls until the condition holds; false if it does not within the limit, or the job ends."""
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                return False
            time.sleep(0.0002)
        return True

    def finish(self):
        """The exit code and the output."""
        try:
            code = self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.output.seek(0)
        return code, self.output.read().decode(errors="replace")

    def weights(self, output):
        """What all ranks have come to; None unless they have ended alike."""
        found = re.findall(r"(?:Weights |weights +rank \d+: |^\S*\s+rank \d+: )([0-9a-f]{8,16})", output, re.M)
        return found[0] if len(set(found)) == 1 else None

    def steps(self):
        """[(restarts, step, time), ...] in the order of the file."""
        path = self.folder / "logs/metrics.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        steps = []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if "step" in entry:
                steps.append((int(entry["job/restarts"]), entry["step"], entry["time"]))
        return steps


def kill_some(job, kills, span, rng):
    """Kills ranks the given number of times; returns the list of (time, rank, whether a snapshot was being written)."""
    done = []
    for attempt in range(kills):
        if not job.wait(lambda: len(job.workers(attempt)) == job.ranks, 60):
            break
        time.sleep(rng.uniform(0, span))
        if rng.random() < 0.5:
            job.wait(job.is_writing, span)
        victim = rng.randrange(job.ranks)
        process = job.workers(attempt).get(victim)
        if process is None:
            break
        writing = job.is_writing()
        now = time.time()
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            break
        done.append((now, victim, writing))
    return done


# The trials


def soak(arguments, make, count, worlds, rng):
    """A row of the table, and a line for each trial that did not pass."""
    wanted, spans = {}, {}
    for ranks in worlds:
        with tempfile.TemporaryDirectory() as folder:
            start = time.monotonic()
            job = Job(arguments.programs, make, ranks, pathlib.Path(folder))
            code, output = job.finish()
            spans[ranks] = time.monotonic() - start
            wanted[ranks] = job.weights(output)
            if code != 0 or not wanted[ranks]:
                sys.exit(f"{output[-4000:]}\nsoak: {job.name} on {ranks} ranks exited with {code} without being killed")
            print(f"soak: {job.name}, {ranks} ranks, undisturbed: {wanted[ranks]}, {spans[ranks]:.1f} s", flush=True)

    trials = identical = ended = 0
    kills, repeated, delays, failures = [], [], [], []
    while trials < count:
        ranks = worlds[trials % len(worlds)]
        with tempfile.TemporaryDirectory() as folder:
            job = Job(arguments.programs, make, ranks, pathlib.Path(folder))
            planned = rng.randint(1, 3)
            done = kill_some(job, planned, 0.7 * spans[ranks], rng)
            code, output = job.finish()
            if not done:
                print("soak: a job completed before it was killed; it does not count", flush=True)
                continue
            trials += 1
            kills += done
            found = job.weights(output)
            ended += code == 0
            identical += code == 0 and found == wanted[ranks]
            if code != 0 or found != wanted[ranks]:
                failures.append(f"trial {trials}: exit code {code}, weights {found}, expected {wanted[ranks]}")
                print(output[-4000:], failures[-1], sep="\n", flush=True)
            steps = job.steps()
            for attempt, (killed, _, _) in enumerate(done):
                before = [step for restarts, step, _ in steps if restarts == attempt]
                after = [(step, at) for restarts, step, at in steps if restarts == attempt + 1]
                if after:
                    repeated.append(max(0, before[-1] + 1 - after[0][0]) if before else 0)
                    delays.append(after[0][1] - killed)
            print(
                f"soak: {job.name} {trials}/{count}: {ranks} ranks, {len(done)} kills, "
                f"{'identical' if found == wanted[ranks] else 'DIFFERENT'}",
                flush=True,
            )
    writing = sum(1 for _, _, writing in kills if writing)
    torn = sum(1 for _, rank, writing in kills if writing and rank == 0)
    figures = "– | – | –"
    if delays:
        figures = (
            f"{statistics.median(repeated):.0f} ({max(repeated)}) | {statistics.median(delays):.2f} "
            f"| {percentile(delays, 0.9):.2f}"
        )
    row = (
        f"| {job.name} on {', '.join(map(str, worlds))} ranks | {trials} | {len(kills)} | {writing} ({torn}) "
        f"| {ended} | {identical} | {figures} | {len(delays)} |"
    )
    return row, failures


def main():
    arguments = parse_arguments()
    beginning = Beginning()
    seed = arguments.seed if arguments.seed is not None else random.randrange(2**32)
    rng = random.Random(seed)
    lines = [
        "## Jobs that are killed",
        "",
        f"    Benchmarks/soak.py --toy {arguments.toy} --bert {arguments.bert} --seed {seed}",
        "",
        f"Programs of a {arguments.programs.name} build, one thread for each rank.",
        "Each job is killed one to three times with kill -9: a random rank, at a random time or while a snapshot",
        "is being written. Identical: it completed with the same weights, bit for bit, as an undisturbed job.",
        "",
        "| job | trials | kills | while writing (of the writer) | completed | identical "
        "| steps repeated per kill, median (max) | kill to next step, s: median | p90 | n |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    failures = []
    for make, count, worlds in (toy_elastic, arguments.toy, [2, 3, 4]), (finetune_bert, arguments.bert, [2, 3]):
        if count > 0:
            row, failed = soak(arguments, make, count, worlds, rng)
            lines.append(row)
            failures += failed
    lines += [
        "",
        "A kill without a following step, because another kill came first or no step was left, is not counted in n.",
        "",
    ]
    lines += [f"- {failure}" for failure in failures] + ([""] if failures else [])
    path = write_record(arguments.results, "Killed and resumed", beginning, lines)
    print("\n".join(lines))
    print(f"soak: written to {path}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
