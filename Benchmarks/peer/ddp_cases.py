"""Trains small models with DDP in many ways and prints what came of it.

    torchrun --standalone --nproc-per-node 2 ddp_cases.py --cases cases.json --output FOLDER

`cases.json` is a list of objects; see `run` for their keys. Rank 0 writes `results.json`, an object by the
cases' names with every rank's losses [ranks][steps], `buckets` (positions of parameters) and
`bucket_bytes`, and `weights.safetensors` with the weights of each rank as `name/rank/parameter`.
Weights and data are those of Tests/RankHarness/TestNetworks.swift.
"""

import argparse
import collections
import contextlib
import json
import os

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks import (
    debugging_hooks,
    default_hooks,
    post_localSGD_hook,
    powerSGD_hook,
    quantization_hooks,
)
from torch.distributed.algorithms.model_averaging.averagers import PeriodicModelAverager
from torch.distributed.algorithms.model_averaging.hierarchical_model_averager import (
    HierarchicalModelAverager,
)
from torch.distributed.optim import PostLocalSGDOptimizer, ZeroRedundancyOptimizer
from torch.nn.parallel import DistributedDataParallel
from transformers import BertConfig, BertForSequenceClassification


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.head = nn.Linear(6, 16), nn.Linear(16, 16), nn.Linear(16, 1)
        self.register_buffer("offset", torch.zeros(1))
        self.uses_second = True

    def forward(self, x):
        hidden = self.first(x).tanh()
        return self.head(self.second(hidden).tanh() if self.uses_second else hidden) + self.offset


class ImageNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution, self.norm, self.head = nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Linear(36, 1)

    def forward(self, x):
        return self.head(self.norm(self.convolution(x)).relu().flatten(1))


class TextNetwork(BertForSequenceClassification):
    def __init__(self):
        sizes = {"vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
        dropout = {"hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0}
        super().__init__(
            BertConfig(**sizes, **dropout, intermediate_size=32, max_position_embeddings=16)
        )

    def forward(self, x):
        return super().forward(**x).logits


def fill(model):
    with torch.no_grad():
        for index, parameter in enumerate(model.parameters()):
            places = torch.arange(parameter.numel())
            numbers = ((places * 7919 + index * 104729) % 200 - 100).float() / 300
            parameter.copy_(numbers.view_as(parameter))


def samples(model, indices):
    """A batch, and its loss as a function of the model's output."""
    rows = torch.tensor(indices)[:, None]
    if isinstance(model, TextNetwork):
        places = torch.arange(12)
        x = {"input_ids": (rows * 37 + places * 11) % 50, "attention_mask": places < 12 - rows % 4}
        return x, lambda output: nn.functional.cross_entropy(output, rows.flatten() % 2)
    if isinstance(model, ImageNetwork):
        x = (((rows * 131 + torch.arange(50) * 17) % 97).float() / 48 - 1).view(-1, 2, 5, 5)
    else:
        x = ((rows * 37 + torch.arange(6) * 11) % 50).float() / 25 - 1
    return x, lambda output: nn.functional.mse_loss(output, (rows % 7).float() / 7)


def quantization(size):
    """PyTorch's quantization hooks read NCCL's form of a gather's result and fail with Gloo: the same
    steps with its observers and functions."""
    observers = torch.ao.quantization

    def hook(_, bucket):
        buffer = bucket.buffer()
        if size is None:
            parts, observer = buffer, observers.MinMaxObserver()
            quantize = quantization_hooks._quantize_per_tensor_backend
            restore = quantization_hooks._dequantize_per_tensor_backend
        else:
            parts = nn.functional.pad(buffer, (0, size - len(buffer) % size)).view(-1, size)
            observer = observers.PerChannelMinMaxObserver()
            quantize = quantization_hooks._quantize_per_channel_backend
            restore = quantization_hooks._dequantize_per_channel_backend
        observer(parts)
        scale, zero = (number.float() for number in observer.calculate_qparams())
        gathered = [None] * dist.get_world_size()
        dist.all_gather_object(gathered, (quantize(parts, scale, zero), scale, zero))
        result = sum(restore(*part) for part in gathered).flatten()[: len(buffer)] / len(gathered)
        future = torch.futures.Future()
        future.set_result(result)
        return future

    return hook


def power_sgd(state, bucket):
    """One bucket after the other: PyTorch's hook starts the later collectives of a bucket on Gloo's two
    threads, in an order of their own on each rank, and each of them waits for the next."""
    future = powerSGD_hook.powerSGD_hook(state, bucket)
    future.wait()
    return future


def batched_power_sgd(state, bucket):
    """PyTorch's batched hook hands its matrices to a function that wants a batch of them, and
    fails its assertion: the same hook, whose matrices are made a batch of one."""
    orthogonalize = powerSGD_hook._orthogonalize
    powerSGD_hook._orthogonalize = lambda matrix, epsilon=0: orthogonalize(matrix[None], epsilon)
    try:
        future = powerSGD_hook.batched_powerSGD_hook(state, bucket)
        future.wait()
        return future
    finally:
        powerSGD_hook._orthogonalize = orthogonalize


def bfloat16_compress(group, bucket):
    """PyTorch's hook without its test for a GPU."""
    return default_hooks._compress_hook(torch.bfloat16, group, bucket)


def register_hook(ddp, name):
    power = {f"power{rank}": (rank, power_sgd) for rank in (1, 2, 4)}
    power |= {f"batched{rank}": (rank, batched_power_sgd) for rank in (1, 2, 4)}
    if name == "allreduce":
        ddp.register_comm_hook(None, default_hooks.allreduce_hook)
    elif name == "float16":
        ddp.register_comm_hook(None, default_hooks.fp16_compress_hook)
    elif name == "bfloat16":
        ddp.register_comm_hook(None, bfloat16_compress)
    elif name == "float16 wrapper":
        hook = default_hooks.fp16_compress_wrapper(default_hooks.allreduce_hook)
        ddp.register_comm_hook(None, hook)
    elif name == "bfloat16 wrapper":
        hook = default_hooks.bf16_compress_wrapper(default_hooks.allreduce_hook)
        hook.__name__ = "bf16_on_a_cpu"  # PyTorch tests for a GPU by the name.
        ddp.register_comm_hook(None, hook)
    elif name == "noop":
        ddp.register_comm_hook(None, debugging_hooks.noop_hook)
    elif name == "quantization":
        ddp.register_comm_hook(None, quantization(None))
    elif name == "quantization of 512":
        ddp.register_comm_hook(None, quantization(512))
    elif name == "local":
        state = post_localSGD_hook.PostLocalSGDState(None, None, 4, post_local_gradient_allreduce=False)
        ddp.register_comm_hook(state, post_localSGD_hook.post_localSGD_hook)
    elif name in power:
        rank, hook = power[name]
        state = powerSGD_hook.PowerSGDState(
            None, rank, start_powerSGD_iter=3, min_compression_rate=1
        )
        ddp.register_comm_hook(state, hook)
    elif name is not None:
        raise SystemExit(f"unknown hook {name}")


def make_optimizer(ddp, name):
    parameters = ddp.parameters()
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=0.05, momentum=0.9, fused=True)
    if name == "adamw":
        return torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.01, fused=True)
    if name == "zero":
        return ZeroRedundancyOptimizer(
            parameters, torch.optim.AdamW, lr=0.01, weight_decay=0.01, fused=True
        )
    if name == "overlapped":
        ddp._register_fused_optim(torch.optim.SGD, lr=0.05, momentum=0.9)
        # Its step has been made when backward ends.
        return torch.optim.SGD(parameters, lr=0)
    if name in ("local", "hierarchical"):
        averager = PeriodicModelAverager(period=3, warmup_steps=4)
        if name == "hierarchical":
            averager = HierarchicalModelAverager(collections.OrderedDict([(2, 1), (4, 2)]), warmup_steps=4)
        return PostLocalSGDOptimizer(torch.optim.SGD(parameters, lr=0.05, fused=True), averager)
    raise SystemExit(f"unknown optimizer {name}")


def run(case):
    """Keys: model, steps (a number a rank), bucketBytes, bucketBytesList, findsUnused, staticGraph,
    lastIsSmall, skipsUnused, copiesBuffers, ignored (names), skips (a list of [rank, step] that leave the
    second layer out; step -1: all), noSync (each second step), divides (by all ranks, under join), hook,
    optimizer."""
    rank = dist.get_rank()
    model = {"mlp": Network, "cnn": ImageNetwork, "bert": TextNetwork}[case["model"]]()
    fill(model)
    mebi = 1 << 20
    os.environ["DDP_SET_LAST_BUCKET_CAP"] = "1" if case["lastIsSmall"] else "0"
    options = {}
    if case["bucketBytes"]:
        options["bucket_cap_mb"] = case["bucketBytes"] / mebi
    if case["bucketBytesList"]:
        options["bucket_cap_mb_list"] = [size / mebi for size in case["bucketBytesList"]]
    DistributedDataParallel._set_params_and_buffers_to_ignore_for_model(model, case["ignored"])
    ddp = DistributedDataParallel(
        model,
        skip_all_reduce_unused_params=case["skipsUnused"],
        forward_sync_buffers=case["copiesBuffers"],
        find_unused_parameters=case["findsUnused"],
        static_graph=case["staticGraph"],
        gradient_as_bucket_view=True,
        **options,
    )
    register_hook(ddp, case.get("hook"))
    optimizer = make_optimizer(ddp, case["optimizer"])
    losses = []
    uneven = len(set(case["steps"])) > 1
    with ddp.join(divide_by_initial_world_size=case["divides"]) if uneven else contextlib.nullcontext():
        for step in range(case["steps"][rank]):
            skipped = {(r, s) for r, s in case["skips"]}
            model.uses_second = (rank, step) not in skipped and (rank, -1) not in skipped
            first = (step * dist.get_world_size() + rank) * 3
            x, loss_of = samples(model, [first, first + 1, first + 2])
            accumulates = case["noSync"] and step % 2 == 0
            with ddp.no_sync() if accumulates else contextlib.nullcontext():
                loss = loss_of(ddp(x))
                loss.backward()
            if not accumulates:
                optimizer.step()
                optimizer.zero_grad()
            losses.append(loss.item())
    data = ddp._get_ddp_logging_data()
    buckets = data.get("rebuilt_per_bucket_param_indices", "")
    sizes = data.get("rebuilt_bucket_sizes", "")
    return losses, {
        "buckets": [[int(i) for i in part.split()] for part in buckets.split(",") if part],
        "bucket_bytes": [int(size) for size in sizes.split(",") if size.strip()],
    }, {name: value.detach().clone().contiguous() for name, value in model.state_dict().items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", required=True, help="JSON file")
    parser.add_argument("--output", required=True, help="folder for results")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    with open(arguments.cases) as file:
        cases = json.load(file)
    answers, weights = {}, {}
    for case in cases:
        losses, answer, state = run(case)
        gathered = [None] * dist.get_world_size()
        dist.all_gather_object(gathered, (losses, state))
        answers[case["name"]] = answer | {"losses": [losses for losses, _ in gathered]}
        for rank, (_, state) in enumerate(gathered):
            weights |= {f"{case['name']}/{rank}/{name}": value for name, value in state.items()}
    if dist.get_rank() == 0:
        save_file(weights, os.path.join(arguments.output, "weights.safetensors"))
        with open(os.path.join(arguments.output, "results.json"), "w") as file:
            json.dump(answers, file)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
