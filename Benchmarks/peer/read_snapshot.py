"""Reads a snapshot with Hugging Face's safetensors alone, checks it as Documentation/snapshots.md
says, and continues its random generator. Prints one JSON object."""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file


def crc32c(data):
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return f"{crc ^ 0xFFFFFFFF:08x}"


folder = Path(sys.argv[1])
text = (folder / "manifest.json").read_bytes()
manifest = json.loads(text)
body = text[: text.rindex(b',\n  "manifestCRC32C"')]
assert crc32c(body) == manifest["manifestCRC32C"]

tensors = {}
for name, entry in manifest["files"].items():
    data = (folder / name).read_bytes()
    assert len(data) == entry["byteCount"] and crc32c(data) == entry["crc32c"], name
    loaded = load_file(folder / name)
    assert loaded.keys() == entry["tensors"].keys(), name
    for key, tensor in loaded.items():
        wanted = entry["tensors"][key]
        assert list(tensor.shape) == wanted["shape"] and str(tensor.dtype) == "torch." + wanted["dtype"]
        assert crc32c(tensor.numpy().tobytes()) == wanted["crc32c"], key
    tensors[name] = loaded

torch.set_rng_state(tensors["ranks.safetensors"]["0.random.cpu"])
print(
    json.dumps(
        {
            "step": manifest["step"],
            "weight": tensors["model.safetensors"]["weight"].flatten().tolist(),
            "draws": torch.randn(5).tolist(),
        }
    )
)
