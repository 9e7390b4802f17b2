"""Writes tensors of many shapes, types and values, and how PyTorch prints them.

    printing.py FOLDER         tensors.pt, a list of tensors, and texts.json, a list of the texts
"""

import argparse
import json

import torch

from pytorch_grid import COMPLEX, FLOAT8, FLOATS, INTEGERS

SHAPES = [
    (), (1,), (3,), (7,), (20,), (100,), (1000,), (1001,), (5000,), (0,), (0, 3), (2, 0), (1, 1), (2, 3), (3, 2), (6, 7),
    (7, 7), (10, 100), (10, 101), (1, 2000), (2000, 1), (40, 40), (2, 3, 4), (3, 1, 2), (4, 20, 20), (20, 4, 20), (2, 2, 2, 2),
    (3, 4, 10, 12), (1, 1, 1, 1, 1), (8, 8, 8, 8),
]


def values(count):
    """Kinds of values; each reaches one more branch of PyTorch's formats."""
    generator = torch.Generator().manual_seed(count)
    normal = torch.randn(count, generator=generator, dtype=torch.float64)
    order = torch.arange(count, dtype=torch.float64)
    yield "zeros", torch.zeros(count, dtype=torch.float64)
    yield "order", order
    yield "negative", -order
    yield "normal", normal
    yield "small", normal * 1e-6
    yield "large", (normal * 1e9).round()
    yield "wide", normal * 10 ** (order % 9 - 4)
    yield "integers", (normal * 100).round()
    yield "thousands", (order * 1000).remainder(100_001)
    yield "halves", order / 2
    yield "tiny-and-one", torch.where(order % 2 == 0, 1.0, 1e-5)
    for name, special in {"nan": float("nan"), "infinity": float("inf"), "minus-infinity": -float("inf"), "minus-zero": -0.0}.items():
        mixed = normal.clone()
        mixed[::3] = special
        yield f"{name}-mixed", mixed
        yield f"{name}-only", torch.full((count,), special, dtype=torch.float64)
        whole = (normal * 5).round()
        whole[::2] = special
        yield f"{name}-whole", whole


def tensors():
    for shape in SHAPES:
        count = 1
        for size in shape:
            count *= size
        for name, vector in values(count):
            if count == 0 and name != "zeros":
                continue
            shaped = vector.reshape(shape)
            for dtype in FLOATS + (FLOAT8 if count <= 100 else []):
                yield shaped.to(getattr(torch, dtype))
            for dtype in COMPLEX:
                yield torch.complex(shaped, shaped.flip(0) if shape else -shaped).to(getattr(torch, dtype))
            if name in ["order", "integers", "thousands", "zeros"]:
                for dtype in INTEGERS:
                    yield shaped.abs().remainder(128).to(getattr(torch, dtype)) if "8" in dtype else (
                        shaped.abs() if dtype.startswith("u") else shaped).to(torch.int64).to(getattr(torch, dtype))
                yield shaped.remainder(2).to(torch.bool)
    for whole in [2**63 - 1, -(2**63), 2**53 + 1]:
        yield torch.tensor([whole, 1])
    yield torch.tensor([2**64 - 1, 1], dtype=torch.uint64)
    yield torch.arange(6.0).reshape(2, 3).t()
    yield torch.arange(2000.0).reshape(2, 1000).t()
    yield torch.ones(2, 3, requires_grad=True)
    yield torch.randn(10, 10, generator=torch.Generator().manual_seed(0)).requires_grad_()
    yield torch.ones(3, dtype=torch.float64, requires_grad=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    folder = parser.parse_args().folder
    everything = list(tensors())
    torch.save(everything, f"{folder}/tensors.pt")
    # What was read, because saving keeps no graph.
    read = torch.load(f"{folder}/tensors.pt", weights_only=True)
    with open(f"{folder}/texts.json", "w") as file:
        json.dump([str(tensor) for tensor in read], file)


if __name__ == "__main__":
    main()
