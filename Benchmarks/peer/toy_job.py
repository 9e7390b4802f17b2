"""The job of toy-single and toy-ddp, as PyTorch's users write it; saves the final weights.

    torchrun --standalone --nproc-per-node 2 toy_job.py --output weights.pt
"""

import argparse

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--total-epochs", type=int, default=50)
parser.add_argument("--batch-size", type=int, default=32, help="per rank")
parser.add_argument("--output", required=True)
arguments = parser.parse_args()

dist.init_process_group("gloo")
torch.manual_seed(0)
samples = [(torch.rand(20), torch.rand(1)) for _ in range(2048)]
model = DistributedDataParallel(torch.nn.Linear(20, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, fused=True)
sampler = DistributedSampler(samples)
loader = DataLoader(samples, batch_size=arguments.batch_size, sampler=sampler)
for epoch in range(arguments.total_epochs):
    sampler.set_epoch(epoch)
    for inputs, targets in loader:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(inputs), targets).backward()
        optimizer.step()
if dist.get_rank() == 0:
    torch.save(model.module.state_dict(), arguments.output)
dist.barrier()
dist.destroy_process_group()
