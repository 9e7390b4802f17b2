"""The least that a distributed job can do, to measure what starting one costs.

    torchrun --standalone --nproc-per-node 2 barrier.py
"""

import torch.distributed as dist

dist.init_process_group("gloo")
dist.barrier()
if dist.get_rank() == 0:
    print(f"{dist.get_world_size()} ranks met", flush=True)
dist.destroy_process_group()
