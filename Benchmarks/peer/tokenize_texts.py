"""Prints the token ids that Hugging Face's fast tokenizer gives, one JSON array per line.

    tokenize_texts.py --model FOLDER --csv test.csv --count 5000 --strings strings.json

First the first `--count` reviews of the CSV file, then the strings of the JSON array, each with [CLS] and
[SEP] and cut to `--max-length` tokens.
"""

import argparse
import json

from transformers import AutoTokenizer

from shared import read_reviews

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--model", required=True, help="folder of the tokenizer")
parser.add_argument("--csv", help="reviews: columns text,label")
parser.add_argument("--count", type=int, default=5000)
parser.add_argument("--strings", help="JSON file: an array of strings")
parser.add_argument("--max-length", type=int, default=512)
arguments = parser.parse_args()
if not arguments.csv and not arguments.strings:
    parser.error("nothing to tokenize: give --csv, --strings or both")

texts = []
if arguments.csv:
    texts = read_reviews(arguments.csv)[0][: arguments.count]
    if len(texts) < arguments.count:
        raise SystemExit(f"{arguments.csv} has {len(texts)} reviews, {arguments.count} were asked for")
if arguments.strings:
    with open(arguments.strings, encoding="utf-8") as file:
        texts += json.load(file)

tokenizer = AutoTokenizer.from_pretrained(arguments.model)
if not tokenizer.is_fast:
    raise SystemExit(f"{arguments.model} gave a slow tokenizer")
for ids in tokenizer(texts, truncation=True, max_length=arguments.max_length)["input_ids"]:
    print(json.dumps(ids))
