"""The schemas of libtorch's operators, as values."""

import re
from dataclasses import dataclass

import torch
import torch.nn.functional as functional

# Operators of ATen that PyTorch offers under another name.
RENAMED = {
    "cross_entropy_loss", "nll_loss_nd", "log_sigmoid", "col2im", "im2col", "slice", "affine_grid_generator",
    "grid_sampler", "index_copy", "upsample_bicubic2d", "upsample_bilinear2d", "upsample_linear1d",
    "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d", "upsample_trilinear3d",
}


@dataclass
class Argument:
    name: str
    type: str
    default: str | None
    keyword_only: bool


@dataclass
class Schema:
    base: str
    overload: str
    arguments: list
    results: list
    text: str
    documented_publicly: bool
    # Whether it draws from a generator.
    draws: bool = False

    @property
    def full(self):
        return f"{self.base}.{self.overload}" if self.overload else self.base

    def documented(self):
        """The name under which PyTorch documents the operator."""
        for prefix in ("linalg", "fft", "special"):
            if self.base.startswith(prefix + "_"):
                return f"torch.{prefix}.{self.base[len(prefix) + 1:]}"
        if hasattr(torch.Tensor, self.base):
            return f"Tensor.{self.base}"
        if hasattr(functional, self.base):
            return f"torch.nn.functional.{self.base}"
        if hasattr(torch, self.base):
            return f"torch.{self.base}"
        return f"aten::{self.full}"


def kind(text):
    """A type of a schema, without aliases and symbolic sizes."""
    text = re.sub(r"\([^)]*\)", "", text).replace("SymInt", "int")
    return text


def parse_argument(text, keyword_only):
    match = re.fullmatch(r"(\S+(?:\([^)]*\))?\S*) (\w+)(?:=(.*))?", re.sub(r"\((a|b)[^)]*\)", "", text))
    if not match:
        raise ValueError(text)
    type_, name, default = match.groups()
    return Argument(name, kind(type_), default, keyword_only)


def split(text):
    """Splits at commas that are outside of brackets and quotes."""
    parts, depth, current, quoted = [], 0, "", False
    for character in text:
        if character == '"':
            quoted = not quoted
        if not quoted and character in "([":
            depth += 1
        if not quoted and character in ")]":
            depth -= 1
        if character == "," and depth == 0 and not quoted:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()] if current.strip() else parts


def parse(schema):
    text = str(schema)
    head, _, rest = text.partition("(")
    depth, end = 1, 0
    for end, character in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            break
    arguments, keyword_only = [], False
    for part in split(rest[:end]):
        if part == "*":
            keyword_only = True
        else:
            arguments.append(parse_argument(part, keyword_only))
    returns = rest[end + 1:].partition("->")[2].strip()
    if returns.startswith("("):
        returns = returns[1:-1]
    results = []
    for part in split(returns):
        type_, _, name = re.sub(r"\([^)]*\)", "", part).partition(" ")
        results.append((name, kind(type_)))
    base = schema.name.removeprefix("aten::")
    overload = schema.overload_name
    return Schema(base, overload, arguments, results, text, is_documented(base))


def is_documented(base):
    if base.startswith(("linalg_", "fft_", "special_")):
        module, _, name = base.partition("_")
        return hasattr(getattr(torch, module), name)
    return base in RENAMED or any(hasattr(module, base) for module in (torch, torch.Tensor, functional))


def available():
    """The operators that return new values, by name and overload."""
    return find(lambda base, text, schema: not base.endswith("_") and "!" not in text)


def in_place():
    """The operators that overwrite their first argument and return it."""
    return find(lambda base, text, schema: (
        base.endswith("_") and text.count("!") == 2 and schema.arguments[0].alias_info is not None
        and schema.arguments[0].alias_info.is_write and len(schema.returns) == 1
        and str(schema.returns[0].type) == "Tensor"))


def find(selects):
    names = set(torch._C._dispatch_get_all_op_names())
    found = {}
    for schema in torch._C._jit_get_all_schemas():
        if not schema.name.startswith("aten::"):
            continue
        base = schema.name.removeprefix("aten::")
        full = schema.name + (f".{schema.overload_name}" if schema.overload_name else "")
        text = str(schema)
        if full not in names or base.startswith("_") or "backward" in base or base.endswith("_copy") and base != "index_copy":
            continue
        if any(argument.is_out for argument in schema.arguments) or not selects(base, text, schema):
            continue
        if "Dimname" in text or re.search(r"str\[\]\??\s*names", text) or "Tensor" not in text:
            continue
        parsed = parse(schema)
        found[parsed.full] = parsed
    drawing = {s.base for s in found.values() if any(a.type.startswith("Generator") for a in s.arguments)}
    for schema in found.values():
        schema.draws = schema.base in drawing
    return found
