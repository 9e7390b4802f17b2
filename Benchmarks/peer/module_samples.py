"""Samples of modules that PyTorch's module_db lacks, and of arguments that its samples leave at their defaults."""

import torch
from torch import nn


class Call:
    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs


class ModuleSample:
    def __init__(self, constructor, *inputs, **named_inputs):
        self.constructor_input, self.forward_input = constructor, Call(*inputs, **named_inputs)


class Initialized(nn.Module):
    """A parameter that a function of torch.nn.init fills."""

    def __init__(self, function, shape, **kwargs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(shape))
        getattr(nn.init, function)(self.weight, **kwargs)

    def forward(self, input):
        return input * self.weight


def values(*shape, seed=7):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator).requires_grad_()


def on(inputs, *constructors):
    """A function that lists one sample for each constructor, with inputs of the given shapes."""
    def samples():
        for constructor in constructors:
            yield ModuleSample(
                constructor, *(values(*shape, seed=seed) for seed, shape in enumerate(inputs, start=7)))
    return samples


def several(*functions):
    def samples():
        for function in functions:
            yield from function()
    return samples


def sizes(dimensions):
    """Inputs with and without a batch."""
    shape = (7, 6, 5)[:dimensions]
    return [(2, 4, *shape)], [(4, *shape)]


def convolutions(dimensions):
    batch, single = sizes(dimensions)
    each = (3, 2, 1)[:dimensions]
    return several(
        on(batch, Call(4, 6, 3, stride=2), Call(4, 6, 3, padding=1, bias=False), Call(4, 6, 3, dilation=2, padding=2),
           Call(4, 6, 3, groups=2), Call(4, 4, each, stride=each, padding=(1, 0, 0)[:dimensions]),
           Call(4, 6, 2, padding="same"), Call(4, 6, 3, padding="valid"), Call(4, 6, 3, padding="same", dilation=2),
           Call(4, 6, 3, 1, 1, 1, 1, True, "reflect"), Call(4, 6, 3, padding=2, padding_mode="replicate"),
           Call(4, 6, 3, padding=1, padding_mode="circular", groups=2),
           Call(4, 6, 4, padding="same", padding_mode="circular")),
        on(single, Call(4, 6, 3), Call(4, 6, 3, padding=1)))


def transposed_convolutions(dimensions):
    batch, single = sizes(dimensions)
    each = (3, 2, 1)[:dimensions]

    def output_size():
        yield ModuleSample(
            Call(4, 6, 3, stride=2), values(2, 4, *(3,) * dimensions), output_size=[8] * dimensions)
    return several(
        on(batch, Call(4, 6, 3, stride=2, output_padding=1), Call(4, 6, 3, padding=1, bias=False),
           Call(4, 6, 3, 2, 1, 1, 2, True, 2), Call(4, 6, each, stride=each), Call(4, 4, 3, groups=4)),
        on(single, Call(4, 6, 3)), output_size)


def max_pools(dimensions):
    batch, single = sizes(dimensions)
    return several(
        on(batch, Call(3, stride=1, padding=1), Call(2, 2, 0, 2), Call(3, 2, ceil_mode=True),
           Call(3, 2, 1, 1, True, True)),
        on(single, Call(2)))


def unpools(dimensions):
    def samples():
        for batch in ((2, 4), (4,)):
            for kernel, stride, length, size in ((2, None, 6, None), (2, 2, 7, [7] * dimensions), (3, 2, 7, None)):
                x = values(*batch, *(length,) * dimensions)
                pool = getattr(nn, f"MaxPool{dimensions}d")(kernel, stride, return_indices=True)
                output, indices = pool(x)
                leaf = output.detach().clone().requires_grad_()
                arguments = {} if size is None else {"output_size": size}
                yield ModuleSample(Call(kernel, stride), leaf, indices, **arguments)
    return samples


def avg_pools(dimensions):
    batch, single = sizes(dimensions)
    more = [] if dimensions == 1 else [Call(3, 2, divisor_override=2)]
    return several(
        on(batch, Call(3, stride=1, padding=1), Call(3, 2, ceil_mode=True),
           Call(3, 2, 1, count_include_pad=False), *more),
        on(single, Call(2)))


def lp_pools(dimensions):
    batch, _ = sizes(dimensions)
    inf = float("inf")
    return on(batch, Call(3, 2, ceil_mode=True), Call(2, 3, 1), Call(inf, 2), Call(-inf, 2, 1))


def fractional_pools(dimensions):
    batch, single = sizes(dimensions)
    ratio = (0.5, 0.6, 0.7)[:dimensions]
    return several(
        on(batch, Call(2, output_size=3), Call(2, output_ratio=ratio), Call(2, output_ratio=0.5, return_indices=True)),
        on(single, Call(2, output_size=(3, 2, 3)[:dimensions])))


def pads(dimensions, *more):
    """Widths that differ, and negative ones."""
    batch, _ = sizes(dimensions)
    return on(batch, *(Call(widths, *more) for widths in (2, (1, 2) * dimensions, (-1, 2) * dimensions)))


def upsamples():
    for dimensions, modes in ((1, ["linear"]), (2, ["bilinear", "bicubic"]), (3, ["trilinear"])):
        batch, _ = sizes(dimensions)
        for mode in ["nearest", "nearest-exact", "area", *modes]:
            calls = [Call(9, mode=mode), Call(scale_factor=2, mode=mode), Call(scale_factor=1.7, mode=mode),
                     Call((8, 9, 4)[:dimensions], None, mode), Call(scale_factor=(2, 1.5, 3)[:dimensions], mode=mode),
                     Call(scale_factor=1.7, mode=mode, recompute_scale_factor=True)]
            if mode in modes:
                calls += [Call(9, mode=mode, align_corners=True), Call(None, 1.5, mode, align_corners=False)]
            yield from on(batch, *calls)()


def initializations():
    matrix, kernel = (5, 3), (6, 4, 3, 3)
    functions = [
        ("uniform_", matrix, {}), ("uniform_", matrix, {"a": -2, "b": 3}), ("normal_", matrix, {}),
        ("normal_", kernel, {"mean": 1, "std": 0.2}), ("constant_", matrix, {"val": 0.3}), ("ones_", matrix, {}),
        ("zeros_", matrix, {}), ("eye_", matrix, {}), ("eye_", (3, 5), {}), ("dirac_", (4, 3, 5), {}),
        ("dirac_", kernel, {"groups": 2}), ("dirac_", (4, 4, 3, 2, 3), {"groups": 4}), ("xavier_uniform_", matrix, {}),
        ("xavier_uniform_", kernel, {"gain": 1.5}), ("xavier_normal_", kernel, {}), ("trunc_normal_", (20, 20), {}),
        ("trunc_normal_", (20, 20), {"std": 0.02}), ("trunc_normal_", (20, 20), {"std": 2.0}),
        ("trunc_normal_", (20, 20), {"mean": 0.5, "std": 0.5, "a": 0.4, "b": 3.0}),
        ("trunc_normal_", (20, 20), {"mean": -1.0, "a": 0.5, "b": 0.9}), ("orthogonal_", matrix, {}),
        ("orthogonal_", (3, 5), {"gain": 2.0}), ("orthogonal_", kernel, {}), ("sparse_", (10, 4), {"sparsity": 0.35}),
        ("sparse_", (10, 4), {"sparsity": 0.5, "std": 1.0})]
    for name in ("kaiming_uniform_", "kaiming_normal_"):
        functions += [(name, matrix, {}), (name, kernel, {"mode": "fan_out", "nonlinearity": "relu"}),
                      (name, kernel, {"a": 0.2})]
        functions += [(name, kernel, {"nonlinearity": n}) for n in ("linear", "sigmoid", "tanh", "selu", "conv2d")]
    for name, shape, arguments in functions:
        yield ModuleSample(Call(name, shape, **arguments), values(*shape))


def sequences():
    def pair():
        return nn.Sequential(nn.Linear(4, 3), nn.PReLU(3))
    yield ModuleSample(Call(), values(2, 4))
    yield ModuleSample(Call(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2, bias=False)), values(2, 4))
    yield ModuleSample(Call(pair(), nn.Sequential(nn.Flatten(), nn.Linear(3, 2)), nn.Tanh()), values(2, 4))


def distances(name):
    more = [Call(dim=-1), Call(0, eps=0.1)] if name == "CosineSimilarity" else [
        Call(1.0), Call(3.0, keepdim=True), Call(eps=0.1)]
    return several(on([(3, 4), (3, 4)], Call(), *more), on([(2, 3, 4), (2, 1, 4)], Call()))


# The samples of each module: a function that lists them.
SAMPLES: dict = {
    nn.Dropout: on([(4, 5)], Call(), Call(0.3), Call(p=1.0), Call(0.0)),
    nn.Dropout1d: several(on([(4, 5, 3)], Call(), Call(0.3)), on([(4, 5)], Call())),
    nn.Dropout2d: several(on([(4, 5, 3, 2)], Call(), Call(0.3)), on([(4, 5, 3)], Call())),
    nn.Dropout3d: several(on([(4, 5, 3, 2, 2)], Call(), Call(0.3)), on([(4, 5, 3, 2)], Call())),
    nn.AlphaDropout: on([(4, 5)], Call(), Call(0.3)),
    nn.FeatureAlphaDropout: on([(4, 5, 3)], Call(), Call(0.3)),
    nn.RReLU: on([(4, 5)], Call(), Call(0.2, 0.4)),
    nn.Hardsigmoid: on([(4, 5)], Call()),
    nn.Hardtanh: on([(4, 5)], Call(-0.5, 0.25), Call(min_val=0.0)),
    nn.Identity: on([(4, 5)], Call()),
    nn.Flatten: on([(2, 3, 4, 5)], Call(), Call(0), Call(1, 2), Call(start_dim=-2)),
    nn.Unflatten: on([(2, 12, 5)], Call(1, (3, 4)), Call(-2, (2, -1))),
    nn.PixelShuffle: several(on([(2, 8, 3, 4)], Call(2)), on([(9, 3, 4)], Call(3))),
    nn.PixelUnshuffle: on([(2, 3, 4, 6)], Call(2)),
    nn.ChannelShuffle: on([(2, 6, 3, 2)], Call(2), Call(3)),
    nn.Fold: several(on([(2, 12, 12)], Call((4, 5), (2, 2))), on([(12, 6)], Call((5, 7), 2, 1, 0, 2))),
    nn.Unfold: several(on([(2, 3, 6, 5)], Call(2), Call((3, 2), 2, 1, (2, 1))), on([(3, 6, 5)], Call(2, stride=2))),
    nn.Upsample: upsamples,
    nn.UpsamplingNearest2d: on([(2, 3, 4, 5)], Call(7), Call((7, 9)), Call(scale_factor=2), Call(None, (1.5, 2.5))),
    nn.UpsamplingBilinear2d: on([(2, 3, 4, 5)], Call(7), Call((7, 9)), Call(scale_factor=2), Call(None, (1.5, 2.5))),
    nn.CosineSimilarity: distances("CosineSimilarity"),
    nn.PairwiseDistance: distances("PairwiseDistance"),
    nn.Bilinear: on([(2, 3, 4), (2, 3, 5)], Call(4, 5, 2)),
    nn.AdaptiveMaxPool1d: several(on([(2, 3, 7)], Call(1), Call(4, True)), on([(3, 7)], Call(3))),
    nn.AdaptiveMaxPool2d: on([(2, 3, 7, 6)], Call((None, 3), True), Call(2, return_indices=True)),
    nn.AdaptiveMaxPool3d: on([(2, 3, 7, 6, 5)], Call((None, 3, 1), True), Call((2, 2, 2))),
    nn.AdaptiveAvgPool3d: on([(2, 3, 7, 6, 5)], Call((None, 3, 1))),
    nn.Sequential: sequences,
    Initialized: initializations,
}
for n in (1, 2, 3):
    SAMPLES[getattr(nn, f"Conv{n}d")] = convolutions(n)
    SAMPLES[getattr(nn, f"ConvTranspose{n}d")] = transposed_convolutions(n)
    SAMPLES[getattr(nn, f"MaxPool{n}d")] = max_pools(n)
    SAMPLES[getattr(nn, f"MaxUnpool{n}d")] = unpools(n)
    SAMPLES[getattr(nn, f"AvgPool{n}d")] = avg_pools(n)
    SAMPLES[getattr(nn, f"LPPool{n}d")] = lp_pools(n)
    SAMPLES[getattr(nn, f"ConstantPad{n}d")] = pads(n, 0.5)
    for kind in ("Zero", "Reflection", "Replication"):
        SAMPLES[getattr(nn, f"{kind}Pad{n}d")] = pads(n)
    SAMPLES[getattr(nn, f"CircularPad{n}d")] = pads(n)
for n in (2, 3):
    SAMPLES[getattr(nn, f"FractionalMaxPool{n}d")] = fractional_pools(n)
