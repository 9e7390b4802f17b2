#!/usr/bin/env python3
"""Compares the preparation of training data with Hugging Face's, and measures how long training waits for data.

    make bench-data                   builds the programs and the peers' environment, then runs this
    Benchmarks/data.py --help         shows how to change the counts

Measures three things. Tokenizing on one thread, alternating with `tokenizers`. Preparing the train half of IMDB
(reading, tokenizing, caching) on two cores, alternating with `datasets.map` on two processes, first with an empty
cache and then with a filled one. The share of time that the training loop of `finetune-bert` waits for a batch.
Tokenizing is measured in processor time, the rest also in wall-clock time, because the machine may be busy. The
results are written to a dated file in Benchmarks/results/.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from measuring import ROOT, Beginning, peers_environment, spread, write_record

MODEL, IMDB = ".data/all-MiniLM-L6-v2", ".data/imdb"


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--rounds", default=5, help="rounds of tokenizing (5)", **number)
    parser.add_argument("--texts", default=5000, help="reviews in each round (5000)", **number)
    parser.add_argument("--pairs", default=3, help="preparations of each side (3)", **number)
    parser.add_argument("--train-samples", default=480, help="reviews to train on (480); 0 skips this part, as for the other counts", **number)
    parser.add_argument("--programs", default=".build/release", help="folder of Lockstep's release programs")
    parser.add_argument("--benchmarks", default=".build/benchmarks/release", help="folder of PrepareReviews")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Benchmarks/results")
    return parser.parse_args()


LIMIT = 1800  # seconds of a command


def run(command, environment):
    """Runs a command; returns what it printed, its seconds, and the processor's, children included."""
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        alarm = threading.Timer(LIMIT, process.kill)
        alarm.start()
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    if time.perf_counter() - start > LIMIT:
        sys.exit(f"bench: {' '.join(command)} did not finish within {LIMIT} s")
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} exited with {process.returncode}")
    return output, time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def tokenizing(arguments, environment, folder):
    command = ["python", "Benchmarks/peer/encode_texts.py", "--model", MODEL, "--csv", f"{IMDB}/test.csv",
               "--count", str(arguments.texts), "--texts", f"{folder}/texts",
               "--race", f"{arguments.programs}/TokenizeTexts", "--rounds", str(arguments.rounds)]
    load, *rounds = map(json.loads, run(command, environment)[0].splitlines())
    best = [min(times["theirs"], times["theirs_batch"]) for times in rounds]
    rows = [("`tokenizers`, one text after another", [times["theirs"] for times in rounds]),
            ("`tokenizers`, as a batch", [times["theirs_batch"] for times in rounds]),
            ("Lockstep, ids", [times["ids"] for times in rounds]),
            ("Lockstep, with offsets", [times["offsets"] for times in rounds])]
    ratios = [("the quicker of `tokenizers` / Lockstep, ids", "ids"),
              ("the quicker of `tokenizers` / Lockstep, with offsets", "offsets")]
    lines = [f"## Tokenizing {arguments.texts} reviews on one thread", "",
             f"| processor's seconds, n = {len(rounds)} | median (min – max) |", "|---|--:|"]
    lines += [f"| {name} | {spread(values, 2)} |" for name, values in rows]
    lines += [f"| {name} | {spread([b / times[key] for b, times in zip(best, rounds)], 2)} |" for name, key in ratios]
    return lines + [
        "", "Loading the tokenizer, once: Lockstep {:.1f} ms ({:.1f} ms of the processor), ".format(
            *(1000 * seconds for seconds in load["load"]))
        + "`tokenizers` {:.1f} ms ({:.1f} ms).".format(*(1000 * seconds for seconds in load["their_load"])), ""]


def prepare(command, environment, cache):
    """Both starts of one side: [(inner seconds, whole seconds, processor's seconds) of each], and the counts."""
    shutil.rmtree(cache, ignore_errors=True)
    starts, counts = [], set()
    for _ in range(2):
        output, seconds, processor = run(command, environment)
        result = json.loads(output.splitlines()[-1])
        starts.append((result["seconds"], seconds, processor))
        counts.add((result["reviews"], result["tokens"]))
    return starts, counts


def preparing(arguments, environment, folder):
    ours = [f"{arguments.benchmarks}/PrepareReviews", MODEL, IMDB, "train", f"{folder}/ours"]
    theirs = ["python", "Benchmarks/peer/prepare_reviews.py", "--model", MODEL, "--csv", f"{IMDB}/train.csv",
              "--cache", f"{folder}/theirs", "--processes", "2"]
    pairs = []
    for number in range(arguments.pairs):
        sides = [("ours", ours), ("theirs", theirs)]
        done = {}
        for name, command in sides if number % 2 == 0 else reversed(sides):
            done[name], counts = prepare(command, environment, f"{folder}/{name}")
            print(f"bench: preparing {number + 1}/{arguments.pairs}, {name}: {done[name]}, {counts}", flush=True)
            done[f"{name} counts"] = counts
        if done["ours counts"] != done["theirs counts"] or len(done["ours counts"]) != 1:
            sys.exit("bench: the two sides prepared different data; see the counts above")
        pairs.append(done)
    reviews, tokens = pairs[0]["ours counts"].copy().pop()
    lines = [f"## Preparing the train half: {reviews} reviews, {tokens} tokens, the same on both sides", "",
             f"    {' '.join(ours[:-1])} CACHE", f"    {' '.join(theirs).replace(folder, 'CACHE')}", ""]
    for start, title in enumerate(["Empty cache", "Second start"]):
        lines += [f"| {title}, n = {len(pairs)}, median (min – max) | Lockstep | `datasets` | Lockstep / `datasets` |",
                  "|---|--:|--:|--:|"]
        for place, name in enumerate(["s without imports", "s, whole command", "s of the processors, whole command"]):
            mine = [pair["ours"][start][place] for pair in pairs]
            other = [pair["theirs"][start][place] for pair in pairs]
            ratios = [one / two for one, two in zip(mine, other)]
            lines.append(f"| {name} | {spread(mine, 2)} | {spread(other, 2)} | {spread(ratios, 3)} |")
        lines.append("")
    return lines


def waiting(arguments, environment, folder):
    command = [f"{arguments.programs}/lockstep", "run", "--standalone", "--nproc-per-node", "2",
               f"{arguments.programs}/finetune-bert", "--model", MODEL, "--data", IMDB, "--cache", f"{folder}/cache",
               "--epochs", "1", "--max-length", "128", "--batch-size", "8", "--eval-samples", "0",
               "--train-samples", str(arguments.train_samples), "--json", f"{folder}/steps.jsonl"]
    run(command, environment)
    with open(f"{folder}/steps.jsonl", encoding="utf-8") as file:
        summary = json.loads(file.readlines()[-1])["summary"]
    share = 100 * summary["data_wait_seconds"] / summary["seconds"]
    return ["## Time that fine-tuning waits for data", "", f"    {' '.join(command).replace(folder, 'FOLDER')}", "",
            f"{summary['data_wait_seconds']:.4f} s of {summary['seconds']:.1f} s, {summary['steps']} steps on 2 ranks: "
            f"{share:.3f} %. One loader thread per rank prefetches batches.", ""]


def main():
    arguments = parse_arguments()
    beginning = Beginning()
    environment = peers_environment() | {"HF_HUB_OFFLINE": "1"}
    with tempfile.TemporaryDirectory() as folder:
        lines = tokenizing(arguments, environment, folder) if arguments.rounds else []
        lines += preparing(arguments, environment, folder) if arguments.pairs else []
        lines += waiting(arguments, environment, folder) if arguments.train_samples else []
    path = write_record(arguments.results, "Data for a training", beginning, lines)
    print("\n".join(lines))
    print(f"bench: written to {path}")


if __name__ == "__main__":
    main()
