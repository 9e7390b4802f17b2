"""One rank of the benchmark of data parallelism, with one thread; see Benchmarks/DDPStep.

RANK, WORLD_SIZE and STORE (a file) say who it is. Mode `view` is DDP with gradient_as_bucket_view.
"""

import argparse
import json
import os
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.optim import ZeroRedundancyOptimizer
from torch.nn.parallel import DistributedDataParallel


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(1024, 1024) for _ in range(4))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return x


def make(options):
    """Model, inputs, and the loss of an output."""
    if options.model == "bert":
        from transformers import BertConfig, BertForSequenceClassification

        count = options.batch * options.tokens
        ids = ((torch.arange(count) * 7919 + 13) % 29_000 + 1_000).view(options.batch, options.tokens)
        labels = torch.arange(options.batch) % 2
        model = BertForSequenceClassification(BertConfig())
        return model, {"input_ids": ids}, lambda output: nn.functional.cross_entropy(output.logits, labels)
    width = 1024 if options.model == "dense" else 20
    model = Dense() if options.model == "dense" else nn.Linear(20, 1)
    x = torch.randn(options.batch, width)
    y = torch.randn(options.batch, width if options.model == "dense" else 1)
    return model, {"input" if options.model == "toy" else "x": x}, lambda output: nn.functional.mse_loss(output, y)


def state_bytes(optimizer):
    inner = optimizer.optim if isinstance(optimizer, ZeroRedundancyOptimizer) else optimizer
    tensors = [value for state in inner.state.values() for value in state.values() if torch.is_tensor(value)]
    return sum(tensor.nbytes for tensor in tensors)


def peak_bytes():
    with open("/proc/self/status", encoding="utf-8") as file:
        return int(next(line for line in file if line.startswith("VmHWM:")).split()[1]) << 10


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=["toy", "dense", "bert"], default="toy")
    parser.add_argument("--mode", choices=["alone", "ddp", "view"], default="ddp")
    parser.add_argument("--optimizer", choices=["sgd", "adamw", "zero"], default="sgd")
    for name, number in [("batch", 32), ("tokens", 32), ("steps", 1000), ("warmup", 20)]:
        parser.add_argument(f"--{name}", type=int, default=number)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    dist.init_process_group(
        "gloo",
        f"file://{os.environ['STORE']}",
        rank=int(os.environ["RANK"]),
        world_size=int(os.environ["WORLD_SIZE"]),
    )
    model, inputs, loss_of = make(options)
    model.train()
    if options.mode != "alone":
        model = DistributedDataParallel(model, gradient_as_bucket_view=options.mode == "view")
    if options.optimizer == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, fused=True)
    elif options.optimizer == "adamw":
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    else:
        optimizer = ZeroRedundancyOptimizer(model.parameters(), torch.optim.AdamW, lr=1e-3, fused=True)

    def step():
        optimizer.zero_grad()
        loss_of(model(**inputs)).backward()
        optimizer.step()

    for _ in range(options.warmup):
        step()
    dist.barrier()
    times = []
    start = time.perf_counter_ns()
    for _ in range(options.steps):
        step()
        end = time.perf_counter_ns()
        times.append(end - start)
        start = end
    dist.barrier()
    print(json.dumps({"times": times, "peak_bytes": peak_bytes(), "state_bytes": state_bytes(optimizer)}))
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
