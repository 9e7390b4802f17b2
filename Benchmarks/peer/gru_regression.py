"""Trains a recurrent network to predict the next value of a noisy series, until it stops improving.

    torchrun --standalone --nproc-per-node 2 gru_regression.py

The peer of Examples/GRURegression: from the same seed, the same series, weights, batches and losses.
"""

import argparse
import math

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel


class Forecaster(nn.Module):
    """Predicts the value that follows a window."""

    def __init__(self, hidden_size):
        super().__init__()
        self.gru = nn.GRU(1, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, 1)

    def forward(self, windows):
        output, _ = self.gru(windows.unsqueeze(-1))
        return self.head(output[:, -1]).squeeze(-1)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--length", type=int, default=4000, help="values of the series")
    parser.add_argument("--window", type=int, default=32, help="values that the model sees")
    parser.add_argument("--noise", type=float, default=0.1, help="standard deviation of the noise")
    parser.add_argument("--epochs", type=int, default=50, help="maximum")
    parser.add_argument("--patience", type=int, default=3, help="epochs without a better loss")
    parser.add_argument("--batch-size", type=int, default=32, help="per rank")
    parser.add_argument("--hidden-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--log-every", type=int, default=50, help="steps")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--save", help="file for the best weights")
    return parser.parse_args()


@torch.no_grad()
def validation_loss(model, validation):
    """The mean squared error over all validation windows, of which each rank predicts its part."""
    windows = validation[dist.get_rank() :: dist.get_world_size()]
    total = F.mse_loss(model(windows[:, :-1]), windows[:, -1], reduction="sum")
    dist.all_reduce(total)
    return total.item() / len(validation)


def main():
    arguments = parse_arguments()
    dist.init_process_group()
    rank, world_size = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(arguments.seed)  # all ranks have the same series, weights and order of windows
    length, window, batch_size = arguments.length, arguments.window, arguments.batch_size
    time = 0.1 * torch.arange(length)
    series = time.sin() + 0.5 * (2.3 * time).sin() + arguments.noise * torch.randn(length)
    training_length = length * 4 // 5
    training = series[:training_length].unfold(0, window + 1, 1)
    validation = series[training_length:].unfold(0, window + 1, 1)

    model = Forecaster(arguments.hidden_size)
    parallel = DistributedDataParallel(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=arguments.learning_rate)
    best_loss, best_epoch, best_weights = math.inf, 0, model.state_dict()
    steps_per_epoch = len(training) // (batch_size * world_size)
    for epoch in range(1, arguments.epochs + 1):
        order = torch.randperm(len(training))[: steps_per_epoch * batch_size * world_size]
        batches = order.view(steps_per_epoch, world_size, batch_size)[:, rank]
        for index, batch in enumerate(batches):
            windows = training[batch]
            optimizer.zero_grad()
            loss = F.mse_loss(parallel(windows[:, :-1]), windows[:, -1])
            loss.backward()
            optimizer.step()
            step = (epoch - 1) * steps_per_epoch + index + 1
            if step % arguments.log_every == 0:
                mean = loss.detach()
                dist.all_reduce(mean)
                if rank == 0:
                    print(f"step {step}  loss {mean.item() / world_size}", flush=True)
        # The sum over the ranks is the same on each rank, so all decide the same.
        loss = validation_loss(model, validation)
        if rank == 0:
            print(f"epoch {epoch}  validation loss {loss}", flush=True)
        if loss < best_loss:
            best_loss, best_epoch = loss, epoch
            best_weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        elif epoch - best_epoch == arguments.patience:
            if rank == 0:
                print(f"stopped: no better validation loss for {arguments.patience} epochs", flush=True)
            break
    model.load_state_dict(best_weights)
    if rank == 0:
        if arguments.save:
            torch.save(model.state_dict(), arguments.save)
        print(f"best epoch {best_epoch}  validation loss {best_loss}", flush=True)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
