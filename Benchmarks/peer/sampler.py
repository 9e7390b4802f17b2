"""Prints the indices of PyTorch's DistributedSampler for a sweep of settings, one JSON object per line:

    {"n": 10, "worldSize": 3, "seed": 0, "epoch": 0, "shuffle": true, "dropLast": false,
     "indices": [[4, 5, 0, 2], [1, 3, 8, 4], [7, 9, 6, 1]]}
"""

import argparse
import itertools
import json

from torch.utils.data import DistributedSampler

argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()

sizes = [1, 2, 3, 5, 7, 8, 10, 31, 64, 100, 257, 1000]
world_sizes = [1, 2, 3, 4, 7, 16]
# Seeds: small, both sides of 32 bits, and (0, 1) beside (1, 0), which PyTorch shuffles alike.
seeds = [(0, 0), (0, 1), (1, 0), (42, 3), (2**32 - 1, 0), (2**32 - 1, 1), (2**40 + 7, 9)]
sweep = list(itertools.product(sizes, world_sizes, seeds, [True, False], [True, False]))
sweep += [(25_000, 2, (42, 1), True, False), (25_000, 3, (42, 1), True, True)]

for n, world_size, (seed, epoch), shuffle, drop_last in sweep:
    indices = []
    for rank in range(world_size):
        sampler = DistributedSampler(
            range(n), world_size, rank, shuffle=shuffle, seed=seed, drop_last=drop_last
        )
        sampler.set_epoch(epoch)
        indices.append(list(sampler))
    print(json.dumps({
        "n": n,
        "worldSize": world_size,
        "seed": seed,
        "epoch": epoch,
        "shuffle": shuffle,
        "dropLast": drop_last,
        "indices": indices,
    }))
