"""Trains a residual network to classify the images of Fashion-MNIST.

    torchrun --standalone --nproc-per-node 2 resnet.py

The peer of Examples/ResNet: from the same seed, the same weights, batches and losses.
"""

import argparse
import gzip
import os

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, Subset, TensorDataset


class ResidualBlock(nn.Module):
    """Adds the output of two convolutions to their input."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut.append(nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False))
            self.shortcut.append(nn.BatchNorm2d(outputs))

    def forward(self, x):
        hidden = self.bn1(self.conv1(x)).relu()
        return (self.bn2(self.conv2(hidden)) + self.shortcut(x)).relu()


class ResNet(nn.Module):
    """Three stages; the second and the third halve the resolution and double the channels."""

    def __init__(self, channels, class_count):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()
        )
        self.stages = nn.Sequential(
            ResidualBlock(channels, channels),
            ResidualBlock(channels, 2 * channels, stride=2),
            ResidualBlock(2 * channels, 4 * channels, stride=2),
        )
        self.head = nn.Linear(4 * channels, class_count)

    def forward(self, pixels):
        features = self.stages(self.stem(pixels))
        return self.head(features.mean((2, 3)))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=".data/fashion-mnist", help="folder of the images")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64, help="per rank")
    parser.add_argument("--channels", type=int, default=16, help="of the first layer")
    parser.add_argument("--learning-rate", type=float, default=0.05, help="of the first step")
    parser.add_argument("--log-every", type=int, default=100, help="steps")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--save", help="file for the weights")
    return parser.parse_args()


def read_array(path):
    """An array of bytes in the IDX format, plain or compressed."""
    with open(path, "rb") if os.path.exists(path) else gzip.open(f"{path}.gz") as file:
        data = bytearray(file.read())
    shape = [int.from_bytes(data[4 * i : 4 * i + 4], "big") for i in range(1, data[3] + 1)]
    return torch.frombuffer(data, dtype=torch.uint8, offset=4 + 4 * data[3]).view(shape)


def read_images(folder, split):
    """Pixels, shape [images, 1, height, width], with mean 0 and standard deviation 1, and labels."""
    pixels = read_array(f"{folder}/{split}-images-idx3-ubyte").unsqueeze(1).float()
    labels = read_array(f"{folder}/{split}-labels-idx1-ubyte").long()
    return TensorDataset((pixels / 255 - 0.286) / 0.353, labels)


def compute_accuracy(model, images, batch_size):
    """The share of the images that the model classifies correctly; each rank tests its part."""
    part = Subset(images, range(dist.get_rank(), len(images), dist.get_world_size()))
    correct = torch.zeros([], dtype=torch.int64)
    model.eval()
    for pixels, labels in DataLoader(part, batch_size=batch_size):
        with torch.no_grad():
            logits = model(pixels)
        correct += (logits.argmax(1) == labels).sum()
    dist.all_reduce(correct)
    return correct.item() / len(images)


def main():
    arguments = parse_arguments()
    dist.init_process_group()
    rank, world_size = dist.get_rank(), dist.get_world_size()
    images = read_images(arguments.data, "train")
    test_images = read_images(arguments.data, "t10k")
    sampler = DistributedSampler(images, seed=arguments.seed)
    loader = DataLoader(images, batch_size=arguments.batch_size, sampler=sampler)

    torch.manual_seed(arguments.seed)  # all ranks start with the same weights
    model = ResNet(arguments.channels, 10)
    parallel = DistributedDataParallel(model)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=arguments.learning_rate, momentum=0.9, weight_decay=5e-4
    )
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, arguments.epochs * len(loader))

    step = 0
    for epoch in range(arguments.epochs):
        model.train()
        sampler.set_epoch(epoch)
        for pixels, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(parallel(pixels), labels)
            loss.backward()
            optimizer.step()
            scheduler.step()
            step += 1
            if step % arguments.log_every == 0:
                mean = loss.detach()
                dist.all_reduce(mean)
                if rank == 0:
                    print(f"step {step}  loss {mean.item() / world_size}", flush=True)
        accuracy = compute_accuracy(model, test_images, arguments.batch_size)
        if rank == 0:
            print(f"epoch {epoch + 1}  accuracy {accuracy}", flush=True)
    if arguments.save and rank == 0:
        torch.save(model.state_dict(), arguments.save)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
