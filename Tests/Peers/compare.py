#!/usr/bin/env python3
"""Compares what two programs wrote as JSON, value by value.

    compare.py ours.jsonl theirs.jsonl                            equal in everything
    compare.py ours.json theirs.json --key mean --relative 1e-4   one member, numbers within a tolerance

Each file holds JSON objects or arrays, one per line. Prints the first difference and ends with 1, or how many
values agree and how far apart the numbers are at most.
"""

import argparse
import json
import math
import sys


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ours")
    parser.add_argument("theirs")
    parser.add_argument("--key", help="compare this member of each object only")
    parser.add_argument("--relative", type=float, default=0.0, metavar="X", help="of the larger number")
    parser.add_argument("--absolute", type=float, default=0.0, metavar="X")
    return parser.parse_args()


def read(path, key):
    with open(path, encoding="utf-8") as file:
        values = [json.loads(line) for line in file if line.strip()]
    if not values:
        sys.exit(f"compare: {path} is empty")
    try:
        return values if key is None else [value[key] for value in values]
    except KeyError:
        sys.exit(f"compare: {path} has an object without '{key}'")


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Comparison:
    def __init__(self, relative, absolute):
        self.relative, self.absolute = relative, absolute
        self.values, self.largest = 0, 0.0

    def compare(self, ours, theirs, where):
        """Raises ValueError at the first difference."""
        if isinstance(ours, dict) and isinstance(theirs, dict):
            if ours.keys() != theirs.keys():
                raise ValueError(f"{where}: members {sorted(ours)} and {sorted(theirs)}")
            for key in ours:
                self.compare(ours[key], theirs[key], f"{where}.{key}")
        elif isinstance(ours, list) and isinstance(theirs, list):
            for index, (mine, other) in enumerate(zip(ours, theirs)):
                self.compare(mine, other, f"{where}[{index}]")
            if len(ours) != len(theirs):
                raise ValueError(f"{where}: {len(ours)} and {len(theirs)} elements")
        elif is_number(ours) and is_number(theirs):
            self.values += 1
            # Not by subtraction alone: the difference of two NaNs is neither small nor large.
            if not math.isclose(ours, theirs, rel_tol=self.relative, abs_tol=self.absolute):
                raise ValueError(f"{where}: {ours} and {theirs}")
            self.largest = max(self.largest, abs(ours - theirs))
        else:
            self.values += 1
            if type(ours) is not type(theirs) or ours != theirs:
                raise ValueError(f"{where}: {ours!r} and {theirs!r}")


def main():
    arguments = parse_arguments()
    ours, theirs = (read(path, arguments.key) for path in (arguments.ours, arguments.theirs))
    comparison = Comparison(arguments.relative, arguments.absolute)
    for line, (mine, other) in enumerate(zip(ours, theirs), start=1):
        try:
            comparison.compare(mine, other, f"line {line}")
        except ValueError as difference:
            sys.exit(f"compare: {arguments.ours} and {arguments.theirs} differ at {difference}")
    if len(ours) != len(theirs):
        sys.exit(f"compare: {arguments.ours} has {len(ours)} lines, {arguments.theirs} {len(theirs)}")
    print(f"{comparison.values} values agree, largest difference {comparison.largest:.3g}")


main()
