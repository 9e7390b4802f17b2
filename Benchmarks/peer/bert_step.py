"""One training step of BERT under PyTorch and Hugging Face: the peer of BertStep, same options and lines."""

import argparse
import resource
import time

import torch
from transformers import BertConfig, BertForSequenceClassification

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=384)
parser.add_argument("--layers", type=int, default=6)
parser.add_argument("--heads", type=int, default=12)
parser.add_argument("--sequence", type=int, default=128)
parser.add_argument("--batch", type=int, default=8)
parser.add_argument("--dropout", type=float, default=0.1)
parser.add_argument("--steps", type=int, default=5)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--bf16", action="store_true")
parser.add_argument("--ragged", action="store_true")
parser.add_argument("--fused", action="store_true", help="AdamW in one fused pass")
options = parser.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(1)
model = BertForSequenceClassification(
    BertConfig(
        hidden_size=options.hidden,
        num_hidden_layers=options.layers,
        num_attention_heads=options.heads,
        intermediate_size=4 * options.hidden,
        hidden_dropout_prob=options.dropout,
        attention_probs_dropout_prob=options.dropout,
    )
)
model.train()
optimizer = torch.optim.AdamW(
    model.parameters(), lr=2e-5, weight_decay=0, fused=True if options.fused else None
)
count = options.batch * options.sequence
ids = ((torch.arange(count) * 7919 + 13) % 29_000 + 1_000).view(options.batch, options.sequence)
mask = torch.ones_like(ids)
if options.ragged:
    for row in range(options.batch):
        mask[row, options.sequence * (row % 4 + 1) // 4 :] = 0
labels = torch.arange(options.batch) % 2


def now():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), usage.ru_utime, usage.ru_stime, usage.ru_minflt


def between(start, end):
    return [b - a for a, b in zip(start, end)]


costs, losses = [], []
for step in range(options.steps + 2):
    start = now()
    with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    forward = now()
    loss.backward()
    backward = now()
    optimizer.step()
    optimizer.zero_grad()
    end = now()
    losses.append(loss.item())
    if step >= 2:
        costs.append([between(start, forward), between(forward, backward), between(backward, end), between(start, end)])

for phase, name in enumerate(["forward", "backward", "optimizer", "step"]):
    wall, user, system, faults = (sorted(cost[phase][i] for cost in costs) for i in range(4))
    print(
        f"{name:10}min {wall[0] * 1000:7.1f} median {wall[len(wall) // 2] * 1000:7.1f} "
        f"user {user[0] * 1000:7.1f} system {system[0] * 1000:7.1f} ms, {faults[0]} page faults"
    )
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
best = min(cost[3][0] for cost in costs)
print(f"tokens/s {count / best:.0f} at best, peak {peak} MB, losses", *(f"{loss:.6f}" for loss in losses))
