#!/usr/bin/env python3
"""Prints the time of an operator call on a small tensor, in nanoseconds, for each line of its input."""

import sys
import time

import torch

torch.set_num_threads(1)
x, y = torch.randn(4), torch.randn(4)
leaf = torch.randn(4, requires_grad=True)
CALLS = {
    "add": lambda: x + y,
    "grad": lambda: leaf + y,
    "scalar": lambda: x * 2,
    "reduce": lambda: x.sum(dim=0),
}


def nanoseconds(call, count):
    start = time.perf_counter_ns()
    for _ in range(count):
        call()
    return (time.perf_counter_ns() - start) / count


for line in sys.stdin:
    call = CALLS[line.strip()]
    nanoseconds(call, 20_000)
    print(nanoseconds(call, 200_000), flush=True)
