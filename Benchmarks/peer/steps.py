"""A worker that all-reduces in a loop and logs its steps; the peer of `test-worker steps`.

    DIR=FOLDER torchrun --standalone --nproc-per-node 2 --max-restarts 3 steps.py N MILLISECONDS

Each step adds a line "pid step time", nanoseconds since 1970, to $DIR/steps.<rank>.
"""

import os
import sys
import time

import torch
import torch.distributed as dist

count, pause = int(sys.argv[1]), int(sys.argv[2]) / 1000
dist.init_process_group("gloo")
with open(f"{os.environ['DIR']}/steps.{dist.get_rank()}", "a", buffering=1, encoding="utf-8") as log:
    for step in range(count):
        total = torch.tensor(step)
        dist.all_reduce(total)
        assert total == step * dist.get_world_size(), "the ranks are at different steps"
        log.write(f"{os.getpid()} {step} {time.time_ns()}\n")
        time.sleep(pause)
dist.barrier()
dist.destroy_process_group()
