"""A plain DDP script, with nothing in it that knows its launcher.

    torchrun --standalone --nproc-per-node 2 toy_ddp.py
"""

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel


def main():
    dist.init_process_group()
    torch.manual_seed(dist.get_rank())
    model = DistributedDataParallel(torch.nn.Linear(20, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for step in range(5):
        inputs, targets = torch.randn(32, 20), torch.randn(32, 1)
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(inputs), targets)
        loss.backward()
        optimizer.step()
        print(f"[rank {dist.get_rank()}] step {step} loss {loss.item():.4f}\n", end="", flush=True)

    # The replicas differ unless the gradients were averaged.
    weights = model.module.weight.detach().clone()
    dist.broadcast(weights, src=0)
    if not torch.equal(weights, model.module.weight):
        raise SystemExit(f"rank {dist.get_rank()} ended with other weights than rank 0")
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
