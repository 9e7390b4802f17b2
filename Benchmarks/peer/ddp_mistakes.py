"""Makes the mistakes of Tests/RankHarness/Mistake.swift with PyTorch's DDP and prints what the ranks say.

    torchrun --standalone --nproc-per-node 2 ddp_mistakes.py nothingToTrain noGradient …

Rank 0 prints an object by name: for each rank the type and the message of the error that it raised, or null.
A rank that waits for one that has raised does so for 4 seconds here; PyTorch's default is 30 minutes.
"""

import datetime
import json
import sys

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks import debugging_hooks, default_hooks
from torch.nn.parallel import DistributedDataParallel
from torch.utils.checkpoint import checkpoint

from ddp_cases import Network, samples


def make(mistake, group):
    rank = dist.get_rank()
    if mistake == "anotherShape":
        DistributedDataParallel(nn.Linear(5 if rank == 1 else 4, 1), process_group=group)
    elif mistake == "moreParameters":
        DistributedDataParallel(nn.Linear(4, 1, bias=rank == 1), process_group=group)
    elif mistake == "nothingToTrain":
        DistributedDataParallel(nn.Linear(2, 2).requires_grad_(False), process_group=group)
    elif mistake == "twoHooks":
        ddp = DistributedDataParallel(nn.Linear(2, 2), process_group=group)
        ddp.register_comm_hook(None, default_hooks.allreduce_hook)
        ddp.register_comm_hook(None, debugging_hooks.noop_hook)
    else:
        train(mistake, group, rank)


def train(mistake, group, rank):
    model = Network()
    ddp = DistributedDataParallel(model, process_group=group, static_graph="StaticGraph" in mistake)
    for step in range(4):
        errs = step == 2 and rank == 1
        model.uses_second = not (errs and mistake in ("leavesParametersOut", "usesLessOfAStaticGraph"))
        x, loss_of = samples(model, [rank])
        output = ddp(x)
        if errs and mistake in ("usesAParameterTwice", "usesMoreOfAStaticGraph"):
            output = output + checkpoint(
                lambda o: model.head(torch.zeros(1, 16)) + o, output, use_reentrant=True
            )
        if errs and mistake == "noGradient":
            output = output.detach().requires_grad_()
        loss_of(output).backward()


def main():
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    store = dist.distributed_c10d._get_default_store()
    answers = {}
    for mistake in sys.argv[1:]:
        # A group that has failed is of no more use.
        group = dist.new_group(timeout=datetime.timedelta(seconds=4))
        try:
            make(mistake, group)
            said = None
        except Exception as error:  # whatever PyTorch raises is the answer
            said = [type(error).__name__, str(error)]
        store.set(f"{mistake}/{dist.get_rank()}", json.dumps(said))
        answers[mistake] = [json.loads(store.get(f"{mistake}/{rank}")) for rank in range(2)]
    if dist.get_rank() == 0:
        print(json.dumps(answers))
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
