"""Fine-tunes BERT on IMDB: the demo's job with PyTorch DDP and Hugging Face, as their users write it.

    torchrun --standalone --nproc-per-node 2 finetune_bert.py --model MODEL --data IMDB
"""

import argparse
import json
import os
import time

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset
from tqdm import tqdm
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    get_linear_schedule_with_warmup,
)

from shared import parameter_groups, read_reviews, set_dropout


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="folder of the pretrained model")
    parser.add_argument("--data", required=True, help="folder that holds train.csv and test.csv")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=8, help="per process")
    parser.add_argument("--max-length", type=int, default=128, help="tokens per review")
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--warmup-steps", type=int, default=0)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--dropout", type=float, help="instead of the configuration's")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--train-samples", type=int, help="default: all")
    parser.add_argument("--eval-samples", type=int, help="default: all; 0: no evaluation")
    parser.add_argument("--output", help="folder to save the model and the tokenizer in")
    parser.add_argument("--json", help="file for one line per step and a last one for the whole")
    return parser.parse_args()


def load(tokenizer, path, samples, arguments):
    texts, labels = read_reviews(path, samples, arguments.seed)
    encoded = tokenizer(
        texts,
        padding="max_length",
        truncation=True,
        max_length=arguments.max_length,
        return_tensors="pt",
    )
    return TensorDataset(encoded["input_ids"], encoded["attention_mask"], torch.tensor(labels))


def train(model, dataset, arguments, rank, world_size, record):
    sampler = DistributedSampler(dataset, seed=arguments.seed)
    loader = DataLoader(dataset, batch_size=arguments.batch_size, sampler=sampler)
    optimizer = torch.optim.AdamW(
        parameter_groups(model, arguments.weight_decay), lr=arguments.learning_rate
    )
    scheduler = get_linear_schedule_with_warmup(
        optimizer, arguments.warmup_steps, arguments.epochs * len(loader)
    )

    step, samples, seconds = 0, 0, 0.0
    model.train()
    for epoch in range(arguments.epochs):
        sampler.set_epoch(epoch)
        progress = tqdm(total=len(loader), desc=f"epoch {epoch}", disable=rank != 0)
        start = time.perf_counter()
        for input_ids, attention_mask, labels in loader:
            optimizer.zero_grad()
            loss = model(input_ids=input_ids, attention_mask=attention_mask, labels=labels).loss
            loss.backward()
            optimizer.step()
            scheduler.step()

            progress.set_postfix(loss=f"{loss.item():.4f}", refresh=False)
            progress.update()
            now = time.perf_counter()
            record(
                step=step,
                epoch=epoch,
                loss=loss.item(),
                samples=len(labels) * world_size,
                seconds=now - start,
            )
            samples += len(labels) * world_size
            seconds += now - start
            start = now
            step += 1
        progress.close()
    return {
        "steps": step,
        "samples": samples,
        "seconds": seconds,
        "samples_per_second": samples / seconds,
    }


@torch.no_grad()
def evaluate(model, dataset, arguments, world_size):
    """Accuracy over the whole dataset, each review counted once."""
    sampler = DistributedSampler(dataset, shuffle=False)
    loader = DataLoader(dataset, batch_size=arguments.batch_size, sampler=sampler)
    model.eval()
    right = torch.cat([
        model(input_ids=input_ids, attention_mask=attention_mask).logits.argmax(-1) == labels
        for input_ids, attention_mask, labels in loader
    ])
    gathered = [torch.empty_like(right) for _ in range(world_size)]
    dist.all_gather(gathered, right)
    # The sampler deals the dataset out in turns and repeats its beginning to fill the last one.
    return torch.stack(gathered, dim=1).flatten()[: len(dataset)].double().mean().item()


def main():
    arguments = parse_arguments()
    dist.init_process_group("gloo")
    rank, world_size = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(arguments.seed)

    file = open(arguments.json, "w") if arguments.json and rank == 0 else None

    def record(**values):
        if file:
            print(json.dumps(values), file=file, flush=True)

    start = time.perf_counter()
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    config = AutoConfig.from_pretrained(arguments.model, num_labels=2)
    model = DistributedDataParallel(
        AutoModelForSequenceClassification.from_pretrained(
            arguments.model, config=set_dropout(config, arguments.dropout)
        )
    )
    torch.manual_seed(arguments.seed + rank)  # each rank draws its own dropout
    train_set = load(
        tokenizer, os.path.join(arguments.data, "train.csv"), arguments.train_samples, arguments
    )
    eval_set = None
    if arguments.eval_samples != 0:
        eval_set = load(
            tokenizer, os.path.join(arguments.data, "test.csv"), arguments.eval_samples, arguments
        )
    prepared = time.perf_counter()

    summary = {"world_size": world_size, "threads": torch.get_num_threads(), "torch": torch.__version__}
    summary["preparation_seconds"] = prepared - start
    summary |= train(model, train_set, arguments, rank, world_size, record)
    if eval_set is not None:
        start = time.perf_counter()
        summary["accuracy"] = evaluate(model, eval_set, arguments, world_size)
        summary["evaluation_seconds"] = time.perf_counter() - start
    record(summary=summary)
    if rank == 0:
        print(json.dumps(summary, indent=2))
        if arguments.output:
            model.module.save_pretrained(arguments.output)
            tokenizer.save_pretrained(arguments.output)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
