"""What the peer programs share: reading reviews, the optimizer's groups, dropout."""

import csv

import torch


def read_reviews(path, samples=None, seed=0):
    """Texts and labels of a CSV file with the columns text,label.

    With `samples`, that many of them: the file's rows in the order of `torch.randperm(n)` seeded with
    `seed`, of which the first are taken.
    """
    with open(path, encoding="utf-8", newline="\n") as file:
        rows = [(row["text"], int(row["label"])) for row in csv.DictReader(file, strict=True)]
    if samples is not None:
        if samples > len(rows):
            raise SystemExit(f"{path} has {len(rows)} reviews, {samples} were asked for")
        order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))
        rows = [rows[index] for index in order[:samples].tolist()]
    return [text for text, _ in rows], [label for _, label in rows]


def parameter_groups(model, weight_decay):
    """AdamW's groups: biases and LayerNorm weights are not decayed."""
    decayed, others = [], []
    for name, parameter in model.named_parameters():
        exempt = name.endswith("bias") or "LayerNorm" in name
        (others if exempt else decayed).append(parameter)
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]


def set_dropout(config, dropout):
    """Sets both dropout probabilities of a BERT configuration, unless none is given."""
    if dropout is not None:
        config.hidden_dropout_prob = dropout
        config.attention_probs_dropout_prob = dropout
    return config
