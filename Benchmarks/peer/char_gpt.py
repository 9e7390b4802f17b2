"""Trains a small Transformer to continue a text character by character, then prints a sample.

    torchrun --standalone --nproc-per-node 2 char_gpt.py --text FILE

The peer of Examples/CharGPT: from the same seed, the same weights, sequences and losses.
"""

import argparse

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from shared import read_reviews


class Block(nn.Module):
    """Attends to the preceding characters, then transforms each character."""

    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(size)
        self.attention = nn.Linear(size, 3 * size)
        self.projection = nn.Linear(size, size)
        self.norm2 = nn.LayerNorm(size)
        self.network = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))

    def forward(self, x):
        qkv = self.attention(self.norm1(x)).unflatten(-1, (3, self.heads, -1))
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        y = x + self.projection(attended.transpose(1, 2).flatten(2))
        return y + self.network(self.norm2(y))


class GPT(nn.Module):
    """Computes the logits of the character after each character."""

    def __init__(self, character_count, context, size, heads, layers):
        super().__init__()
        self.context = context
        self.characters = nn.Embedding(character_count, size)
        self.positions = nn.Embedding(context, size)
        self.blocks = nn.Sequential(*(Block(size, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(size)
        self.head = nn.Linear(size, character_count)

    def forward(self, ids):
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.characters(ids) + self.positions(positions)
        return self.head(self.norm(self.blocks(x)))

    @torch.no_grad()
    def sample(self, count, prompt):
        """Draws characters one after the other, each from the model's distribution."""
        ids = prompt
        for _ in range(count):
            logits = self(ids[-self.context :].unsqueeze(0))
            following = logits[0, -1].softmax(-1).multinomial(1)
            ids = torch.cat([ids, following])
        return ids[1:].tolist()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", help="file with the text (default: the demo's reviews)")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch-size", type=int, default=16, help="per rank")
    parser.add_argument("--context", type=int, default=64, help="characters that the model sees")
    parser.add_argument("--size", type=int, default=64, help="channels of a character")
    parser.add_argument("--heads", type=int, default=4, help="attention heads of a layer")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--log-every", type=int, default=100, help="steps")
    parser.add_argument("--sample", type=int, default=200, help="characters of the sample")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--save", help="file for the weights")
    return parser.parse_args()


def read_text(path):
    if path is None:
        return "\n".join(read_reviews(".data/imdb/train.csv")[0][:1000])
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def main():
    arguments = parse_arguments()
    dist.init_process_group()
    rank, world_size = dist.get_rank(), dist.get_world_size()
    text = read_text(arguments.text)
    alphabet = sorted(set(text))
    indices = {character: index for index, character in enumerate(alphabet)}
    ids = torch.tensor([indices[character] for character in text])
    context = arguments.context

    torch.manual_seed(arguments.seed)  # all ranks start with the same weights
    model = GPT(len(alphabet), context, arguments.size, arguments.heads, arguments.layers)
    parallel = DistributedDataParallel(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.learning_rate)

    torch.manual_seed(arguments.seed + rank)  # each rank draws its own sequences
    for step in range(1, arguments.steps + 1):
        starts = torch.randint(len(ids) - context, (arguments.batch_size, 1))
        sequences = ids[starts + torch.arange(context + 1)]
        optimizer.zero_grad()
        logits = parallel(sequences[:, :context])
        loss = F.cross_entropy(logits.flatten(0, 1), sequences[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        if step % arguments.log_every == 0:
            mean = loss.detach()
            dist.all_reduce(mean)
            if rank == 0:
                print(f"step {step}  loss {mean.item() / world_size}", flush=True)
    if rank == 0:
        if arguments.save:
            torch.save(model.state_dict(), arguments.save)
        written = model.sample(arguments.sample, ids[:1])
        print("sample: " + "".join(alphabet[index] for index in written), flush=True)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
