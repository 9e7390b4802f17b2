"""Loads a saved folder as Hugging Face users do and prints the logits of the first reviews of a CSV file.

    logits.py --model FOLDER --csv test.csv --count 100

Prints one JSON object: `logits` [count][labels], `labels` [count], and the `missing_keys`,
`unexpected_keys` and `mismatched_keys` that loading reported.
"""

import argparse
import json

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from shared import read_reviews

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--model", required=True, help="folder of the model and the tokenizer")
parser.add_argument("--csv", required=True, help="reviews: columns text,label")
parser.add_argument("--count", type=int, default=100)
parser.add_argument("--max-length", type=int, default=128)
parser.add_argument("--batch-size", type=int, default=10)
arguments = parser.parse_args()

model, report = AutoModelForSequenceClassification.from_pretrained(
    arguments.model, output_loading_info=True
)
model.eval()
tokenizer = AutoTokenizer.from_pretrained(arguments.model)
texts, labels = read_reviews(arguments.csv)
if len(texts) < arguments.count:
    raise SystemExit(f"{arguments.csv} has {len(texts)} reviews, {arguments.count} were asked for")

logits = []
with torch.no_grad():
    for start in range(0, arguments.count, arguments.batch_size):
        batch = tokenizer(
            texts[start : min(start + arguments.batch_size, arguments.count)],
            padding="max_length",
            truncation=True,
            max_length=arguments.max_length,
            return_tensors="pt",
        )
        logits += model(**batch).logits.tolist()
print(json.dumps({
    "logits": logits,
    "labels": labels[: arguments.count],
    "missing_keys": sorted(report["missing_keys"]),
    "unexpected_keys": sorted(report["unexpected_keys"]),
    "mismatched_keys": sorted(str(key) for key in report["mismatched_keys"]),
}))
