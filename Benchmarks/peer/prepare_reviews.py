"""Reads, tokenizes and caches reviews with `datasets`, or maps what an earlier run cached.

    prepare_reviews.py --model FOLDER --csv train.csv --cache FOLDER --processes 2

Prints one JSON object: the reviews, their tokens, and the seconds from the first line of work (imports are
done) to the prepared data.
"""

import argparse
import json
import os
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # the processes are the parallelism

import datasets  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--model", required=True)
parser.add_argument("--csv", required=True)
parser.add_argument("--cache", required=True)
parser.add_argument("--processes", type=int, default=2)
arguments = parser.parse_args()
datasets.disable_progress_bars()

start = time.perf_counter()
tokenizer = AutoTokenizer.from_pretrained(arguments.model)


def tokenize(batch):
    return {"input_ids": tokenizer(batch["text"], truncation=True, max_length=512)["input_ids"]}


texts = datasets.load_dataset("csv", data_files={"train": arguments.csv}, cache_dir=arguments.cache, split="train")
reviews = texts.map(tokenize, batched=True, num_proc=arguments.processes, remove_columns=["text"])
seconds = time.perf_counter() - start
tokens = sum(len(ids) for ids in reviews.with_format("arrow")["input_ids"])
print(json.dumps({"reviews": len(reviews), "tokens": tokens, "seconds": seconds}))
