"""Fine-tunes BERT on IMDB: the demo's job with PyTorch DDP and Hugging Face, as their users write it.

    torchrun --standalone --nproc-per-node 2 finetune_bert.py --model MODEL --data IMDB
"""

import argparse
import json
import os
import resource
import time

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler
from tqdm import tqdm
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
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
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--dynamic-padding", action="store_true", help="to the batch's longest review")
    parser.add_argument("--fused-adamw", action="store_true", help="one pass over the parameters")
    parser.add_argument("--bucket-views", action="store_true", help="gradients stay in DDP's buckets")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="cuda: a GPU per process")
    parser.add_argument("--compile", action="store_true", help="with torch.compile")
    parser.add_argument("--train-samples", type=int, help="default: all")
    parser.add_argument("--eval-samples", type=int, help="default: all; 0: no evaluation")
    parser.add_argument("--output", help="folder to save the model and the tokenizer in")
    parser.add_argument("--json", help="file for one line per step and a last one for the whole")
    return parser.parse_args()


def load(tokenizer, path, samples, arguments):
    """One dictionary of input_ids, attention_mask and labels for each review."""
    texts, labels = read_reviews(path, samples, arguments.seed)
    encoded = tokenizer(
        texts,
        padding=False if arguments.dynamic_padding else "max_length",
        truncation=True,
        max_length=arguments.max_length,
        return_token_type_ids=False,
    )
    return [
        {"input_ids": ids, "attention_mask": mask, "labels": label}
        for ids, mask, label in zip(encoded["input_ids"], encoded["attention_mask"], labels)
    ]


def batches(tokenizer, dataset, sampler, arguments):
    """A loader, and each of its batches on the device."""
    loader = DataLoader(
        dataset,
        batch_size=arguments.batch_size,
        sampler=sampler,
        collate_fn=DataCollatorWithPadding(tokenizer),
        pin_memory=arguments.device == "cuda",
    )
    return loader, lambda: (
        {name: tensor.to(arguments.device, non_blocking=True) for name, tensor in batch.items()}
        for batch in loader
    )


def autocast(arguments):
    return torch.autocast(arguments.device, torch.bfloat16, enabled=arguments.precision == "bf16")


def communication(model):
    """Seconds in which the last backward pass only waited for other ranks."""
    times = model._get_ddp_logging_data()
    total = times.get("backward_comm_time", 0) - times.get("backward_compute_comm_overlap_time", 0)
    return total / 1e9


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def train(model, tokenizer, dataset, arguments, rank, world_size, record):
    sampler = DistributedSampler(dataset, seed=arguments.seed)
    loader, moved = batches(tokenizer, dataset, sampler, arguments)
    optimizer = torch.optim.AdamW(
        parameter_groups(model, arguments.weight_decay),
        lr=arguments.learning_rate,
        fused=True if arguments.fused_adamw else None,
    )
    scheduler = get_linear_schedule_with_warmup(
        optimizer, arguments.warmup_steps, arguments.epochs * len(loader)
    )
    precision = autocast(arguments)

    step, samples, seconds = 0, 0, 0.0
    model.train()
    model._set_ddp_runtime_logging_sample_rate(1)
    for epoch in range(arguments.epochs):
        sampler.set_epoch(epoch)
        progress = tqdm(total=len(loader), desc=f"epoch {epoch}", disable=rank != 0)
        start = time.perf_counter()
        for batch in moved():
            loaded = time.perf_counter()
            optimizer.zero_grad()
            with precision:
                loss = model(**batch).loss
            forward = time.perf_counter()
            loss.backward()
            backward = time.perf_counter()
            optimizer.step()
            scheduler.step()
            updated = time.perf_counter()

            progress.set_postfix(loss=f"{loss.item():.4f}", refresh=False)
            progress.update()
            now = time.perf_counter()
            waited = communication(model)
            count = len(batch["labels"]) * world_size
            record(
                step=step,
                epoch=epoch,
                loss=loss.item(),
                samples=count,
                seconds=now - start,
                processor_seconds=processor_seconds(),
                phases={
                    "data": loaded - start,
                    "forward": forward - loaded,
                    "backward": backward - forward - waited,
                    "communication": waited,
                    "optimizer": updated - backward,
                },
            )
            samples += count
            seconds += now - start
            start = now
            step += 1
        progress.close()
    return {
        "steps": step,
        "samples": samples,
        "seconds": seconds,
        "samples_per_second": samples / seconds,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


@torch.no_grad()
def evaluate(model, tokenizer, dataset, arguments, world_size):
    """Accuracy over the whole dataset, each review counted once."""
    sampler = DistributedSampler(dataset, shuffle=False)
    _, moved = batches(tokenizer, dataset, sampler, arguments)
    model.eval()
    with autocast(arguments):
        right = torch.cat([
            model(**batch).logits.argmax(-1) == batch["labels"] for batch in moved()
        ])
    gathered = [torch.empty_like(right) for _ in range(world_size)]
    dist.all_gather(gathered, right)
    # The sampler deals the dataset out in turns and repeats its beginning to fill the last one.
    return torch.stack(gathered, dim=1).flatten()[: len(dataset)].double().mean().item()


def main():
    arguments = parse_arguments()
    if arguments.device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if arguments.device == "cuda" else "gloo")
    rank, world_size = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(arguments.seed)

    file = open(arguments.json, "w") if arguments.json and rank == 0 else None

    def record(**values):
        if file:
            print(json.dumps(values), file=file, flush=True)

    start = time.perf_counter()
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    config = AutoConfig.from_pretrained(arguments.model, num_labels=2)
    model = AutoModelForSequenceClassification.from_pretrained(
        arguments.model, config=set_dropout(config, arguments.dropout)
    ).to(arguments.device)
    model = DistributedDataParallel(
        torch.compile(model) if arguments.compile else model,
        gradient_as_bucket_view=arguments.bucket_views,
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
    summary |= train(model, tokenizer, train_set, arguments, rank, world_size, record)
    if eval_set is not None:
        start = time.perf_counter()
        summary["accuracy"] = evaluate(model, tokenizer, eval_set, arguments, world_size)
        summary["evaluation_seconds"] = time.perf_counter() - start
    record(summary=summary)
    if rank == 0:
        print(json.dumps(summary, indent=2))
        if arguments.output:
            getattr(model.module, "_orig_mod", model.module).save_pretrained(arguments.output)
            tokenizer.save_pretrained(arguments.output)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
