"""One Gloo rank of the collectives benchmark, with one thread; see Benchmarks/Sources/CollectivesBench.

RANK, WORLD_SIZE and STORE, a file, configure it. It reads `COLLECTIVE BYTES COUNT MEMORY` lines; the last
rank prints the duration of each call, in nanoseconds, as a JSON list.
"""

import os
import sys
import time

import torch
import torch.distributed as dist

torch.set_num_threads(1)
rank, world_size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
dist.init_process_group("gloo", f"file://{os.environ['STORE']}", rank=rank, world_size=world_size)

for line in iter(sys.stdin.readline, ""):
    name, size, count, _ = line.split()
    size, count = int(size), int(count)
    tensor = torch.zeros(size // 4)
    output = torch.zeros(size // 4 * world_size) if name == "all_gather" else None
    work = {
        "all_reduce": lambda: dist.all_reduce(tensor),
        "broadcast": lambda: dist.broadcast(tensor, 0),
        "reduce": lambda: dist.reduce(tensor, 0),
        "barrier": dist.barrier,
        "all_gather": lambda: dist.all_gather_into_tensor(output, tensor),
    }[name]
    for _ in range(max(2, count // 10)):
        work()
    dist.barrier()
    times = []
    for _ in range(count):
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    dist.barrier()
    if rank == world_size - 1:
        print(times, flush=True)
