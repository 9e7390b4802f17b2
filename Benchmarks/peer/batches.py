"""Makes what two programs need to train alike: batches of tokens, and a model with its classifier.

    batches.py --model MODEL --csv train.csv --output FOLDER

FOLDER/batches.safetensors: `input_ids` and `attention_mask` [steps, ranks, batch, length] and `labels`
[steps, ranks, batch], all int64; FOLDER/model: config.json and model.safetensors, nothing missing.
"""

import argparse
import os

import torch
from safetensors.torch import save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from shared import read_reviews

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--model", required=True, help="folder of the pretrained model")
parser.add_argument("--csv", required=True, help="reviews: columns text,label")
parser.add_argument("--output", required=True, help="new folder")
parser.add_argument("--steps", type=int, default=30)
parser.add_argument("--ranks", type=int, default=2)
parser.add_argument("--batch-size", type=int, default=8, help="per rank")
parser.add_argument("--max-length", type=int, default=128)
parser.add_argument("--seed", type=int, default=42)
arguments = parser.parse_args()

shape = (arguments.steps, arguments.ranks, arguments.batch_size)
texts, labels = read_reviews(arguments.csv, shape[0] * shape[1] * shape[2], arguments.seed)
encoded = AutoTokenizer.from_pretrained(arguments.model)(
    texts,
    padding="max_length",
    truncation=True,
    max_length=arguments.max_length,
    return_tensors="pt",
)
os.makedirs(arguments.output, exist_ok=True)
save_file(
    {
        "input_ids": encoded["input_ids"].view(*shape, -1),
        "attention_mask": encoded["attention_mask"].view(*shape, -1),
        "labels": torch.tensor(labels).view(shape),
    },
    os.path.join(arguments.output, "batches.safetensors"),
)

torch.manual_seed(arguments.seed)
model = AutoModelForSequenceClassification.from_pretrained(arguments.model, num_labels=2)
model.save_pretrained(os.path.join(arguments.output, "model"))
