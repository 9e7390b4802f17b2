"""Separates the IMDB reviews into the official train and test halves (Maas et al., ACL 2011).

One input file has all 50,000 reviews, not separated into halves. The other has the train half, among reviews
of other data sets. The test half consists of the reviews in the first file that are not in the second. Some
reviews occur more than once: 123 are in both halves, others are twice in one half. Occurrences are therefore
counted.

Writes train.csv and test.csv with the columns text,label: 0 for negative, 1 for positive. Texts are always
quoted, rows end with one line feed, and their order is that of the input file.
"""

import argparse
import collections
import csv
import pathlib
import sys


def read(path):
    # newline="\n": rows end at line feeds only, not at the U+0085 that some reviews contain.
    with open(path, encoding="utf-8", newline="\n") as file:
        return list(csv.DictReader(file, strict=True))


def split(everything, train):
    """Returns the rows of `everything`, minus one equal row for each row of `train`."""
    to_take = collections.Counter(train)
    rest = []
    for row in everything:
        if to_take[row]:
            to_take[row] -= 1
        else:
            rest.append(row)
    missing = sum(to_take.values())
    if missing:
        sys.exit(f"{missing} reviews of the train half are missing from the file of all reviews")
    return rest


def check(name, rows):
    labels = collections.Counter(label for _, label in rows)
    if labels != {0: 12_500, 1: 12_500}:
        sys.exit(f"{name}: expected 12,500 reviews of each label, found {dict(labels)}")


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
