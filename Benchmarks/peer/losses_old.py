"""Trains with DDP on given batches from given weights, without dropout, and prints every rank's losses.

    torchrun --standalone --nproc-per-node 2 losses.py \\
      --model FOLDER/model --batches FOLDER/batches.safetensors

The files are those that batches.py writes. Rank 0 prints one JSON object: `losses` [steps][ranks] and their
`mean` [steps].
"""

import argparse
import json

import torch
import torch.distributed as dist
from safetensors.torch import load_file
from torch.nn.parallel import DistributedDataParallel
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    get_linear_schedule_with_warmup,
)

from shared import parameter_groups, set_dropout


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="folder with config.json and model.safetensors")
    parser.add_argument("--batches", required=True, help="safetensors file")
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--warmup-steps", type=int, default=3)
    parser.add_argument("--output", help="file for the JSON object; default: standard output")
    parser.add_argument("--save", help="folder to save the trained model in")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    dist.init_process_group("gloo")
    rank, world_size = dist.get_rank(), dist.get_world_size()
    batches = load_file(arguments.batches)
    steps, ranks = batches["labels"].shape[:2]
    if ranks != world_size:
        raise SystemExit(f"{arguments.batches} is for {ranks} ranks, these are {world_size}")

    config = set_dropout(AutoConfig.from_pretrained(arguments.model), 0.0)
    model, report = AutoModelForSequenceClassification.from_pretrained(
        arguments.model, config=config, output_loading_info=True
    )
    if report["missing_keys"]:
        raise SystemExit(f"{arguments.model} lacks {sorted(report['missing_keys'])}")
    model.train()
    ddp = DistributedDataParallel(model)
    optimizer = torch.optim.AdamW(
        parameter_groups(ddp, arguments.weight_decay), lr=arguments.learning_rate
    )
    scheduler = get_linear_schedule_with_warmup(optimizer, arguments.warmup_steps, steps)

    mine = torch.empty(steps, dtype=torch.float64)
    for step in range(steps):
        optimizer.zero_grad()
        loss = ddp(
            input_ids=batches["input_ids"][step, rank],
            attention_mask=batches["attention_mask"][step, rank],
            labels=batches["labels"][step, rank],
        ).loss
        loss.backward()
        optimizer.step()
        scheduler.step()
        mine[step] = loss.item()

    gathered = [torch.empty_like(mine) for _ in range(world_size)]
    dist.all_gather(gathered, mine)
    if rank == 0:
        losses = torch.stack(gathered, dim=1)
        text = json.dumps({"losses": losses.tolist(), "mean": losses.mean(dim=1).tolist()})
        if arguments.output:
            with open(arguments.output, "w") as file:
                print(text, file=file)
        else:
            print(text, flush=True)
        if arguments.save:
            model.save_pretrained(arguments.save)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
