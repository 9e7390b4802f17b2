"""Separates the IMDB reviews into the official train and test halves (Maas et al., ACL 2011).

One file has all 50,000 reviews without saying which half they belong to, the other has the train half
among reviews from elsewhere. What is in the first and not in the second is the test half. 123 reviews
stand once in each half, others twice in one, so occurrences are counted, not texts.

Writes train.csv and test.csv: columns text,label with 0 for negative and 1 for positive, the text always
quoted, rows ended by one line feed, in the order of the file that they come from.
"""

import argparse
import collections
import csv
import pathlib
import sys


def read(path):
    # newline="\n": rows end at line feeds only. Some reviews hold U+0085, which is none.
    with open(path, encoding="utf-8", newline="\n") as file:
        return list(csv.DictReader(file, strict=True))


def split(everything, train):
    """The rows of `everything` that are left when each row of `train` has taken away one equal row."""
    to_take = collections.Counter(train)
    rest = []
    for row in everything:
        if to_take[row]:
            to_take[row] -= 1
        else:
            rest.append(row)
    missing = sum(to_take.values())
    if missing:
        sys.exit(f"{missing} reviews of the train half are not among all reviews")
    return rest


def check(name, rows):
    labels = collections.Counter(label for _, label in rows)
    if labels != {0: 12_500, 1: 12_500}:
        sys.exit(f"{name}: 12,500 reviews of each label are expected, these are there: {dict(labels)}")


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("text,label\n")
        for text, label in rows:
            file.write('"' + text.replace('"', '""') + f'",{label}\n')


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--all", required=True, help="CSV with the columns review,sentiment")
    arguments.add_argument("--train", required=True, help="CSV with the columns text,label,source")
    arguments.add_argument("--output", type=pathlib.Path, required=True, help="folder for the halves")
    arguments = arguments.parse_args()

    names = {"negative": 0, "positive": 1}
    everything = [(row["review"], names[row["sentiment"]]) for row in read(arguments.all)]
    train = [
        (row["text"], int(row["label"])) for row in read(arguments.train) if row["source"] == "imdb"
    ]
    test = split(everything, train)
    for name, rows in ("train", train), ("test", test):
        check(name, rows)
        write(arguments.output / f"{name}.csv", rows)


main()
