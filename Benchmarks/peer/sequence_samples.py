"""Samples of normalizations, embeddings, recurrent networks, attention and Transformers that module_db lacks."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from module_samples import Call, ModuleSample, on, several, values


def integers(*shape, high):
    return torch.randint(0, high, shape, generator=torch.Generator().manual_seed(5))


def padded(constructor):
    """Sequences of lengths that are not sorted, packed."""
    data = values(5, 3, 2).detach()
    packed = pack_padded_sequence(data, torch.tensor([2, 5, 4]), enforce_sorted=False)
    packed.data.requires_grad_()
    return ModuleSample(constructor, packed)


def recurrent(state):
    def samples():
        for options in ({}, {"num_layers": 2, "bidirectional": True}, {"num_layers": 2, "dropout": 0.5}):
            yield padded(Call(2, 4, **options))
            yield ModuleSample(Call(2, 4, **options), values(5, 3, 2))
            yield ModuleSample(Call(2, 4, batch_first=True, **options), values(5, 3, 2))
        yield ModuleSample(Call(2, 4, 1), values(5, 3, 2), state(1, 3, 4))
        yield ModuleSample(Call(2, 4, 1, bias=False), values(3, 2))
    return samples


def pair(*shape):
    return values(*shape, seed=11), values(*shape, seed=12)


def embedding():
    inputs = integers(3, 4, high=6)
    for options in ({"padding_idx": 2}, {"padding_idx": -1}, {"max_norm": 1.0}, {"max_norm": 1.0, "norm_type": 1.0},
                    {"scale_grad_by_freq": True, "padding_idx": 1}):
        yield ModuleSample(Call(6, 5, **options), inputs)


def embedding_bag():
    indices, offsets = integers(9, high=6), torch.tensor([0, 4, 4])
    for mode in ("sum", "mean", "max"):
        yield ModuleSample(Call(6, 5, mode=mode), indices, offsets)
        yield ModuleSample(Call(6, 5, mode=mode), indices.reshape(3, 3))
        yield ModuleSample(Call(6, 5, mode=mode, padding_idx=2), indices, offsets)
        yield ModuleSample(Call(6, 5, mode=mode, include_last_offset=True), indices, torch.tensor([0, 4, 9]))
        yield ModuleSample(Call(6, 5, mode=mode, max_norm=1.0), indices, offsets)
    yield ModuleSample(Call(6, 5, scale_grad_by_freq=True), indices, offsets)
    yield ModuleSample(Call(6, 5, mode="sum"), indices, offsets, per_sample_weights=values(9))
    yield ModuleSample(Call(6, 5, mode="sum"), indices.reshape(3, 3), per_sample_weights=values(3, 3))


def attention():
    q, k, v = values(3, 2, 8, seed=1), values(5, 2, 8, seed=2), values(5, 2, 8, seed=3)
    mask = torch.zeros(3, 5, dtype=torch.bool)
    mask[0, 1] = mask[2, 4] = True
    padding = torch.zeros(2, 5, dtype=torch.bool)
    padding[1, 3:] = True
    causal = nn.Transformer.generate_square_subsequent_mask(3)
    for options in ({}, {"bias": False}, {"add_bias_kv": True}, {"add_zero_attn": True}, {"dropout": 0.3},
                    {"add_bias_kv": True, "add_zero_attn": True, "bias": False}):
        for weights in (True, False):
            yield ModuleSample(
                Call(8, 2, **options), q, k, v, key_padding_mask=padding, attn_mask=mask, need_weights=weights)
            yield ModuleSample(Call(8, 2, **options), q, k, v, need_weights=weights, average_attn_weights=False)
    yield ModuleSample(Call(8, 2, kdim=6, vdim=4), q, values(5, 2, 6), values(5, 2, 4))
    yield ModuleSample(Call(8, 2, kdim=6, vdim=4, bias=False), q, values(5, 2, 6), values(5, 2, 4))
    yield ModuleSample(Call(8, 2, batch_first=True), values(2, 3, 8), values(2, 5, 8), values(2, 5, 8))
    yield ModuleSample(Call(8, 2), q, q, q, attn_mask=causal, is_causal=True, need_weights=False)
    yield ModuleSample(Call(8, 2), q, q, q, attn_mask=causal, is_causal=True)
    yield ModuleSample(Call(8, 2), q, k, v, attn_mask=torch.rand(4, 3, 5, generator=torch.Generator().manual_seed(4)))
    yield ModuleSample(Call(8, 2), values(3, 8), values(5, 8), values(5, 8))


def encoder():
    causal = nn.Transformer.generate_square_subsequent_mask(5)
    for options in ({}, {"norm_first": True, "dropout": 0.0}, {"batch_first": True, "activation": nn.functional.gelu}):
        layer = nn.TransformerEncoderLayer(8, 2, 16, **options)
        yield ModuleSample(Call(layer, 2, nn.LayerNorm(8)), values(5, 3, 8))
        if "batch_first" not in options:
            yield ModuleSample(Call(layer, 1), values(5, 3, 8), causal)


def decoder():
    causal = nn.Transformer.generate_square_subsequent_mask(5)
    for options in ({}, {"norm_first": True, "dropout": 0.0}):
        layer = nn.TransformerDecoderLayer(8, 2, 16, **options)
        yield ModuleSample(Call(layer, 2, nn.LayerNorm(8)), values(5, 3, 8), values(4, 3, 8), tgt_mask=causal)
        yield ModuleSample(Call(layer, 1), values(5, 3, 8), values(4, 3, 8))


def transformer():
    causal = nn.Transformer.generate_square_subsequent_mask(4)
    yield ModuleSample(Call(8, 2, 2, 2, 16), values(5, 3, 8), values(4, 3, 8), tgt_mask=causal)
    yield ModuleSample(
        Call(8, 2, 2, 1, 16, 0.0, "gelu", batch_first=True), values(3, 5, 8), values(3, 4, 8), tgt_mask=causal)


# The samples of each module: a function that lists them.
SAMPLES: dict = {
    nn.LocalResponseNorm: several(
        on([(2, 7, 3, 4)], Call(4, 0.5)), on([(2, 7, 3)], Call(4, 0.5)), on([(2, 5, 3, 2, 2)], Call(3, 0.5))),
    nn.InstanceNorm1d: on([(2, 3, 5)], Call(3, track_running_stats=True, affine=True)),
    nn.RMSNorm: on([(2, 3, 5)], Call(5), Call((3, 5))),
    nn.Embedding: embedding,
    nn.EmbeddingBag: embedding_bag,
    nn.RNN: recurrent(values),
    nn.GRU: recurrent(values),
    nn.LSTM: recurrent(pair),
    nn.RNNCell: on([(3, 4), (3, 5)], Call(4, 5), Call(4, 5, bias=False, nonlinearity="relu")),
    nn.GRUCell: on([(3, 4), (3, 5)], Call(4, 5), Call(4, 5, bias=False)),
    nn.LSTMCell: on([(3, 4)], Call(4, 5), Call(4, 5, bias=False)),
    nn.MultiheadAttention: attention,
    nn.TransformerEncoder: encoder,
    nn.TransformerDecoder: decoder,
    nn.Transformer: transformer,
}
