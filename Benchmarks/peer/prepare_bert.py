"""Writes the models and the texts that ../bert.py has both sides train on.

    prepare_bert.py --pretrained .data/all-MiniLM-L6-v2 --data .data/imdb --output FOLDER

Makes FOLDER/minilm (pretrained, with a classifier), FOLDER/base (BERT-base's sizes, random weights), both whole,
so that two programs start from equal weights, and FOLDER/long: reviews put together until 512 tokens are full.
"""

import argparse
import csv
import pathlib
import shutil

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification

from shared import read_reviews

WORDS = 520  # none has less than a token
TEXTS = 640


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pretrained", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    config = AutoConfig.from_pretrained(arguments.pretrained, num_labels=2)
    models = {
        "minilm": AutoModelForSequenceClassification.from_pretrained(arguments.pretrained, config=config),
        "base": BertForSequenceClassification(BertConfig(vocab_size=config.vocab_size)),
    }
    for name, model in models.items():
        model.save_pretrained(arguments.output / name)
        for path in arguments.pretrained.iterdir():
            if path.name.startswith("token") or path.name in ("vocab.txt", "special_tokens_map.json"):
                shutil.copyfile(path, arguments.output / name / path.name)

    # Reviews of one label after the other, so that a row has a label.
    rows, row = {0: [], 1: []}, {0: [], 1: []}
    for text, label in zip(*read_reviews(arguments.data / "train.csv")):
        row[label] += text.split()
        if len(row[label]) >= WORDS:
            rows[label].append((" ".join(row[label]), label))
            row[label] = []
    pairs = list(zip(rows[0], rows[1]))[: TEXTS // 2]
    assert len(pairs) == TEXTS // 2, "too few reviews"
    (arguments.output / "long").mkdir(exist_ok=True)
    for name in "train", "test":
        with open(arguments.output / "long" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("text", "label"), *(row for pair in pairs for row in pair)])
    (arguments.output / "ready").touch()


if __name__ == "__main__":
    main()
