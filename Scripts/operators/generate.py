"""Writes typed Swift functions for the operators of libtorch that table.txt lists.

The schemas of the installed PyTorch say what the arguments and results are. `left-out.txt` says why an operator
that PyTorch documents has no function; an operator in neither file is an error, as is an entry without an operator.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import warnings

import schemas

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUTPUT = ROOT / "Sources/Torch/Operators/Generated"
CALLS = ROOT / "Tests/OperatorCalls/Generated"
GUIDE = ROOT / "Documentation/Lockstep.docc"

NAMESPACES = {
    "linalg": ("LinearAlgebra", "PyTorch's `torch.linalg` on this tensor."),
    "fft": ("FourierTransform", "PyTorch's `torch.fft` on this tensor."),
    "special": ("SpecialFunctions", "PyTorch's `torch.special` on this tensor."),
}
SWIFT_KEYWORDS = {"where", "repeat", "in", "self", "default", "is", "as", "switch", "case", "for", "func", "var"}
# Arguments whose Swift name is not that of the schema: run-together words, and names of torch.nn.functional.
WORDS = {"keepdim": "keepDim", "posinf": "posInf", "neginf": "negInf", "train": "training"}

# Strings and integers that name a choice: the operator and argument, or the argument alone, and the Swift type.
CHOICES = {
    "reduction": "LossReduction",
    "rounding_mode": "RoundingMode",
    "approximate": "GELUApproximation",
    "interpolation": "QuantileInterpolation",
    "pad.mode": "PaddingMode",
    "pad_mode": "PaddingMode",
    "padding:str": "ConvolutionPadding",
    "index_reduce.reduce": "IndexReduction",
    "scatter_reduce.reduce": "ScatterReduction",
    "segment_reduce.reduce": "SegmentReduction",
    "UPLO": "Triangle",
    "norm": "FourierNormalization",
    "indexing": "GridIndexing",
    "linalg_qr.mode": "QRMode",
    "ord:str": "MatrixNorm",
    "p:str": "MatrixNorm",
    "embedding_bag.mode": "EmbeddingBagMode",
    "interpolation_mode": "GridInterpolation",
    "padding_mode": "GridPadding",
}
CHOICE_DEFAULTS = {
    ("LossReduction", "1"): ".mean",
    ("GELUApproximation", '"none"'): ".exact",
    ("ConvolutionPadding", '"valid"'): None,  # would be ambiguous with the overload that takes numbers
    ("EmbeddingBagMode", "0"): ".sum",
    ("Triangle", '"L"'): ".lower",
}
INTEGER_CHOICES = {"LossReduction", "EmbeddingBagMode", "GridInterpolation", "GridPadding"}
# The Swift type of an argument, and the case of Operator.Argument that passes it; optional ones have optionalCase.
TYPES = {
    "Tensor": ("Tensor", "tensor"), "Tensor[]": ("[Tensor]", "tensors"), "Tensor?[]": ("[Tensor?]", "optionalTensors"),
    "Scalar": ("any Scalar", "scalar"), "int": ("Int", "int"), "float": ("Double", "double"), "bool": ("Bool", "bool"),
    "str": ("String", "string"), "ScalarType": ("DType", "dtype"), "Device": ("Device", "device"),
    "int[]": ("[Int]", "ints"), "float[]": ("[Double]", "doubles"), "Generator": ("Generator", "generator"),
}
OPTIONAL = {"dtype": "optionalDType"}
HIDDEN_VALUES = {"cudnn_enabled": ".bool(true)", "sparse": ".bool(false)"}
HIDDEN = {"layout", "pin_memory", "memory_format", "non_blocking", "side", "cudnn_enabled"}


class Problem(Exception):
    pass


def camel(name):
    if name in WORDS:
        return WORDS[name]
    head, *rest = [part for part in name.split("_") if part]
    head = head[0].lower() + head[1:] if not head.isupper() else head.lower()
    rest = [WORDS.get(part, part) for part in rest]
    return head + "".join(part[0].upper() + part[1:] for part in rest)


def quoted(name):
    return f"`{name}`" if name in SWIFT_KEYWORDS else name


class Entry:
    """A line of the table."""

    def __init__(self, line):
        names, self.summary, *attributes = [part.strip() for part in line.split(" | ")]
        self.overloads = names.split()
        self.attributes = {}
        for part in (attributes[0].split() if attributes else []):
            key, _, value = part.partition("=")
            self.attributes[key] = value

    def list(self, key):
        value = self.attributes.get(key)
        return value.split(",") if value else []

    def defaults(self):
        return dict(item.split(":", 1) for item in self.list("defaults"))


class Parameter:
    """An argument of a function: its Swift label, type and default, and the expression that passes it."""

    def __init__(self, argument, schema, entry, positional):
        self.name = argument.name
        base = schema.base
        text = argument.type
        optional = text.endswith("?")
        kind = text[:-1] if optional else text
        key_type = f"{argument.name}:{kind}"
        choice = CHOICES.get(f"{base}.{argument.name}") or CHOICES.get(key_type)
        if not choice and kind in ("str", "int") and argument.name in CHOICES:
            choice = CHOICES[argument.name]
        self.swift_name = camel(argument.name)
        if self.swift_name == "self":
            self.swift_name = "input"
        if self.swift_name in SWIFT_KEYWORDS:
            self.swift_name += "_"
        name = self.swift_name
        self.hidden = argument.name in entry.list("hide") or argument.name in HIDDEN
        self.optional = optional
        default = argument.default
        self.kind = kind
        self.choice = choice
        if self.hidden:
            if default is None and argument.name in HIDDEN_VALUES:
                self.argument = HIDDEN_VALUES[argument.name]
                return
            if default is None and not optional:
                raise Problem(f"{schema.full}: {argument.name} is hidden but has no default")
            self.argument = ".default" if default is not None else ".none"
            return
        if choice:
            integer = choice in INTEGER_CHOICES
            case = ".int" if integer else ".string"
            self.type = choice
            self.argument = f"{case}({name}.rawValue)"
            if optional:
                self.argument = f".optionalString({name}?.rawValue)"
            swift_default = default
            if default is not None and default != "None":
                swift_default = CHOICE_DEFAULTS.get((choice, default), "." + default.strip('"'))
        else:
            swift_default = default
            if re.fullmatch(r"int\[\d\]", kind):
                self.type = "any IntegerList"
                self.argument = f".{'optionalList' if optional else 'list'}({name}, {kind[4]})"
                if default == "[]":
                    swift_default = "[Int]()"
                elif default and re.fullmatch(r"\[(\d+)(, \1)*\]", default):
                    swift_default = default[1:-1].split(",")[0]
            elif kind in TYPES:
                self.type, case = TYPES[kind]
                case = OPTIONAL.get(case, f"optional{case.capitalize()}") if optional else case
                self.argument = f".{case}({name})"
                if kind == "ScalarType":
                    swift_default = {"4": ".int64"}.get(default, default)
            else:
                raise Problem(f"{schema.full}: no Swift type for {argument.type} {argument.name}")
        if optional:
            self.type = f"({self.type})?" if self.type.startswith("any ") else f"{self.type}?"
        swift_default = {"None": "nil", "True": "true", "False": "false"}.get(swift_default, swift_default)
        if swift_default and re.fullmatch(r"-?[\d.]+(e-?\d+)?", swift_default) and self.type == "Double":
            swift_default = repr(float(swift_default))
        elif swift_default and re.fullmatch(r"-?\d+\.", swift_default):
            swift_default += "0"
        elif swift_default and re.fullmatch(r"-?\d*\.?\d+(e-?\d+)?", swift_default) and "." in swift_default:
            swift_default = repr(float(swift_default))
        swift_default = entry.defaults().get(argument.name, swift_default)
        if swift_default is None and optional and kind in ("Tensor", "Generator"):
            swift_default = "nil"
        self.default = swift_default
        self.required = swift_default is None
        self.keyword_only = argument.keyword_only
        # A required argument has no label if all before it have none, unless its name tells what a number means.
        labelled = (
            not self.required or self.keyword_only or not positional or argument.name == "dim"
            or argument.name in entry.list("labels") or kind == "bool"
        )
        self.label = "_" if not labelled or argument.name in entry.list("bare") else name

    def declaration(self):
        label = "" if self.label == self.swift_name else "_ "
        default = f" = {self.default}" if self.default is not None else ""
        return f"{label}{self.swift_name}: {self.type}{default}"


class Function:
    def __init__(self, schema, entry, namespace):
        self.schema, self.entry, self.namespace = schema, entry, namespace
        self.in_place = schema.base.endswith("_")
        base = schema.base
        prefix = {"linalg": "linalg_", "fft": "fft_", "special": "special_"}.get(namespace, "")
        if prefix and base.startswith(prefix):
            base = base[len(prefix):]
        self.name = entry.attributes.get("as", camel(base)).rstrip("_") + ("_" if self.in_place else "")
        arguments = list(schema.arguments)
        first = arguments[0] if arguments else None
        self.receiver = 0
        if "receiver" in entry.attributes:
            self.receiver = [a.name for a in arguments].index(entry.attributes["receiver"])
            first = arguments[self.receiver]
        label = entry.attributes.get("self")
        self.is_method = (
            label is None and namespace != "free" and first is not None and first.type == "Tensor")
        self.is_free = namespace == "free"
        self.parameters = []
        positional = True
        if self.is_method:
            arguments = arguments[: self.receiver] + arguments[self.receiver + 1:]
        for argument in arguments:
            parameter = Parameter(argument, schema, entry, positional)
            self.parameters.append(parameter)
            if not parameter.hidden and parameter.label != "_":
                positional = False
        self.visible = [p for p in self.parameters if not p.hidden]
        if label is not None and self.visible:
            self.visible[0].label = "_" if label in ("", "_") else label
        self.results = schema.results
        names = entry.list("returns")
        self.first = int(entry.attributes.get("first", "0"))
        if self.first:
            self.results = self.results[: self.first]
        self.result_names = names or [name for name, _ in self.results]
        # Hidden arguments at the end have their defaults anyway.
        while self.parameters and self.parameters[-1].hidden and self.parameters[-1].argument == ".default":
            self.parameters.pop()

    def operator_constant(self):
        return camel(self.schema.base.lstrip("_")) + (
            "".join(p[0].upper() + p[1:] for p in self.schema.overload.split("_") if p)) + (
            "InPlace" if self.in_place else "Operator")

    def key(self):
        """What two functions must not have in common."""
        return (
            self.namespace, self.name, self.is_method,
            tuple((p.label, p.type, p.required) for p in self.visible))

    def declaration(self):
        parameters = ", ".join(p.declaration() for p in self.visible)
        types = [kind for _, kind in self.results]
        if types == ["Tensor"]:
            result, call = "Tensor", "tensor"
        elif types == ["Tensor[]"]:
            result, call = "[Tensor]", "list"
        elif types == ["bool"]:
            result, call = "Bool", "bool"
        elif types == ["int"]:
            result, call = "Int", "int"
        elif len(types) > 1 and set(types) == {"Tensor"}:
            if not all(self.result_names):
                raise Problem(f"{self.schema.full}: results have no names: add returns=…")
            names = [camel(n) for n in self.result_names]
            result = "(" + ", ".join(f"{n}: Tensor" for n in names) + ")"
            call = None
        else:
            raise Problem(f"{self.schema.full}: no Swift type for the results {types}")
        arguments = [p.argument for p in self.parameters]
        if self.is_method:
            arguments.insert(self.receiver, f".tensor({'self' if self.namespace == 'Tensor' else 'tensor'})")
        arguments = ", ".join(arguments)
        constant = self.operator_constant()
        lines = []
        if self.is_free:
            head = f"public func {quoted(self.name)}"
            indent = ""
        else:
            head = f"public {'' if self.is_method else 'static '}func {quoted(self.name)}"
            indent = "  "
        if self.in_place:
            head = f"@discardableResult\n{indent}{head}"
        body = []
        if self.schema.draws:
            unseeded = any(p.swift_name == "generator" for p in self.visible)
            condition = "if generator == nil { {} }" if unseeded else "{}"
            body.append(condition.replace("{}", "SharedGenerator.warnOnLoaderThread()"))
        if "equalShapes" in self.entry.attributes:
            target = self.visible[1].swift_name
            source = self.visible[0].swift_name
            body.append(
                f'guard haveEqualShapes({source}, {target}, "{self.name}") else {{ return Tensor(owning: nil) }}')
        if "classTargets" in self.entry.attributes:
            target = self.visible[1].swift_name
            source = self.visible[0].swift_name
            body.append(
                f'guard areClassTargets({target}, of: {source}, "{self.name}") else {{ return Tensor(owning: nil) }}')
        if self.in_place:
            body += [f"{constant}.run({arguments})", "return self"]
        elif call == "list":
            body.append(f"return {constant}.tensors(count: 0, {arguments})")
        elif call:
            body.append(f"return {constant}.{call}({arguments})")
        else:
            count = len(self.schema.results)
            body.append(f"let results = {constant}.tensors(count: {count}, {arguments})")
            values = ", ".join(f"{n}: results[{i}]" for i, n in enumerate(names))
            body.append(f"return ({values})")
        if len(body) == 1:
            body = [body[0].removeprefix("return ")]
        lines += textwrap.wrap(
            self.entry.summary, 99, initial_indent=f"{indent}/// ", subsequent_indent=f"{indent}/// ")
        lines.append(f"{indent}///")
        effect = "Overwrites the tensor, and returns it. " if self.in_place else ""
        lines.append(f"{indent}/// {effect}PyTorch: `{self.schema.documented()}`.")
        lines.append(f"{indent}{head}({parameters}) -> {result} {{")
        lines += [f"{indent}  {line}" for line in body]
        lines.append(f"{indent}}}")
        return "\n".join(lines)

    def constant(self):
        overload = f', "{self.schema.overload}"' if self.schema.overload else ""
        return f'private let {self.operator_constant()} = Operator("aten::{self.schema.base}"{overload})'

    def test_case(self):
        """A case of the switch by which tests call the function by its operator's name."""
        arguments = []
        index = 0
        all_arguments = self.schema.arguments
        receiver = None
        if self.is_method:
            receiver = f"call.tensor({self.receiver})"
        for position, argument in enumerate(all_arguments):
            if self.is_method and position == self.receiver:
                continue
            parameter = next((p for p in self.visible if p.name == argument.name), None)
            if parameter is None:
                continue
            value = self.test_value(parameter, position)
            label = "" if parameter.label == "_" else f"{parameter.label}: "
            arguments.append(f"{label}{value}")
        name = quoted(self.name) if self.is_free else self.name
        if self.is_method:
            target = receiver if self.namespace == "Tensor" else f"{receiver}.{self.namespace}"
            call = f"try {target}.{name}({', '.join(arguments)})"
        elif self.is_free:
            call = f"try {name}({', '.join(arguments)})"
        else:
            owner = "Tensor" if self.namespace == "Tensor" else NAMESPACES[self.namespace][0]
            call = f"try {owner}.{name}({', '.join(arguments)})"
        types = [kind for _, kind in self.results]
        if types == ["Tensor"]:
            result = f"[{call}]".replace("[try ", "try [")
        elif types == ["Tensor[]"]:
            result = call
        elif types in (["bool"], ["int"]):
            result = f"try [Tensor({call.removeprefix('try ')})]"
        else:
            names = [camel(n) for n in self.result_names]
            listed = ", ".join(f"r.{n}" for n in names)
            return f'    "{self.schema.full}": {{ call in let r = {call}; return [{listed}] }},'
        return f'    "{self.schema.full}": {{ call in {result} }},'

    def test_value(self, parameter, position):
        if parameter.choice:
            if parameter.optional:
                return f"call.optionalChoice({position})"
            return f"call.choice({position})"
        kind = parameter.type
        table = {
            "Tensor": "tensor", "Tensor?": "optionalTensor", "[Tensor]": "tensors", "[Tensor?]": "optionalTensors",
            "any Scalar": "scalar", "(any Scalar)?": "optionalScalar", "Int": "int", "Int?": "optionalInt",
            "Double": "double", "Double?": "optionalDouble", "Bool": "bool", "Bool?": "optionalBool",
            "String": "string", "String?": "optionalString", "DType": "dtype", "DType?": "optionalDType",
            "Device": "device", "Device?": "optionalDevice", "[Int]": "ints", "Generator?": "optionalGenerator", "[Int]?": "optionalInts",
            "any IntegerList": "ints", "(any IntegerList)?": "optionalInts", "[Double]": "doubles",
            "[Double]?": "optionalDoubles",
        }
        return f"call.{table[kind]}({position})"


def read_table():
    files = []
    for number, line in enumerate((HERE / "table.txt").read_text().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            name, namespace, description = [part.strip() for part in line[1:-1].split(" | ")]
            files.append((name, namespace, description, []))
        else:
            try:
                files[-1][3].append(Entry(line))
            except ValueError:
                sys.exit(f"table.txt:{number}: NAME | summary [| key=value …] is expected")
    return files


def left_out():
    reasons = {}
    for line in (HERE / "left-out.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            names, _, reason = line.partition(" | ")
            for name in names.split():
                reasons[name] = reason
    return reasons


def generate():
    overwriting = schemas.in_place()
    available = schemas.available() | overwriting
    files, functions, used, problems, seen = {}, [], set(), [], {}
    for name, namespace, description, entries in read_table():
        members = []
        for entry in entries:
            for overload in entry.overloads:
                found = [available[overload]] if overload in available else [
                    s for s in available.values() if s.base == overload
                    and not (s.arguments[0].type == "Scalar" and "self" not in entry.attributes)]
                if not found:
                    problems.append(f"{overload}: this PyTorch has no such operator")
                # The operator in place, where it has the same arguments.
                for schema in list(found):
                    other = overwriting.get(schema.full.replace(schema.base, schema.base + "_", 1))
                    if other and namespace == "Tensor" and schema.base != "where" and (
                            "receiver" not in entry.attributes and "self" not in entry.attributes):
                        found = [*found, other]
                for schema in found:
                    if schema.full in used:
                        continue
                    used.add(schema.full)
                    try:
                        function = Function(schema, entry, namespace)
                        text = function.declaration()
                    except Problem as problem:
                        problems.append(str(problem))
                        continue
                    if function.key() in seen:
                        problems.append(f"{schema.full}: same Swift function as {seen[function.key()]}")
                        continue
                    seen[function.key()] = schema.full
                    members.append((function, text))
        files[name] = (namespace, description, members)
        functions += [function for function, _ in members]
    reasons = left_out()
    for schema in available.values():
        if not schema.documented_publicly or schema.full in used:
            continue
        names = {schema.full, schema.base, schema.base.rstrip("_"),
                 schema.full.replace(schema.base, schema.base.rstrip("_"), 1)}
        if not names & reasons.keys():
            problems.append(f"{schema.full}: in neither table.txt nor left-out.txt: {schema.text}")
    if problems:
        sys.exit("\n".join(problems) + f"\n{len(problems)} problems")
    return files, functions


HEADER = "// Written by Scripts/generate-operators from libtorch's schemas; do not edit.\n"


def swift_file(name, namespace, description, members):
    parts = [HEADER, f"// {description}.", ""]
    if namespace == "free":
        parts += ["\n\n".join(text for _, text in members)]
    elif namespace == "Tensor":
        parts += ["extension Tensor {", "\n\n".join(text for _, text in members), "}"]
    else:
        type_name, summary = NAMESPACES[namespace]
        parts += [
            "extension Tensor {", f"  /// {summary}",
            f"  public var {namespace}: {type_name} {{ {type_name}(tensor: self) }}", "}", "",
            f"/// {description}, as methods of ``Tensor/{namespace}``.",
            f"public struct {type_name} {{", "  let tensor: Tensor", "",
            "\n\n".join(text for _, text in members), "}"]
    parts += ["", "\n".join(function.constant() for function, _ in members), ""]
    return "\n".join(parts)


def calls_file(functions):
    lines = [HEADER, "import Torch", "", "/// The generated functions by the name of their operator.",
             "nonisolated(unsafe) let operatorCalls: [String: (OperatorCall) throws -> [Tensor]] = {",
             "  var calls: [String: (OperatorCall) throws -> [Tensor]] = [:]"]
    for start in range(0, len(functions), 40):
        lines.append(f"  calls.merge(calls{start // 40}()) {{ first, _ in first }}")
    lines += ["  return calls", "}()"]
    for start in range(0, len(functions), 40):
        lines.append(f"\nprivate func calls{start // 40}() -> [String: (OperatorCall) throws -> [Tensor]] {{\n  [")
        lines += [function.test_case() for function in functions[start:start + 40]]
        lines.append("  ]\n}")
    return "\n".join(lines) + "\n"


def guide_row(function, text, overwrites):
    declaration = next(line for line in text.splitlines() if "func " in line)
    head = declaration.partition("func ")[2].rpartition(" {")[0].replace("`", "")
    call, _, result = head.rpartition(" -> ")
    call = re.sub(r"any (Scalar|IntegerList)", r"\1", call).replace("[Int]()", "[]")
    call = re.sub(r"\((Scalar|IntegerList)\)\?", r"\1?", call)
    if function.is_method:
        owner = "x." if function.namespace == "Tensor" else f"x.{function.namespace}."
    elif function.is_free:
        owner = ""
    else:
        owner = "Tensor." if function.namespace == "Tensor" else f"{NAMESPACES[function.namespace][0]}."
    result = "" if result == "Tensor" else f" → `{result}`"
    mark = " ±" if overwrites else ""
    return f"| `{function.schema.documented()}`{mark} | `{owner}{call}`{result} |"


def guide(files):
    parts = [
        "# Operators", "",
        "PyTorch's operators and the Swift functions that call them.", "",
        "## Overview", "",
        "Scripts/generate-operators writes this page and the functions from the schemas of libtorch. `x` is the",
        "tensor that PyTorch calls `self` or `input`. A `Scalar` is an integer, a floating-point number or a Boolean",
        "value, or `Complex`; an `IntegerList` is an integer or an array of them. A result that is not a tensor follows",
        "the arrow. An operator with a ± has a second function that overwrites the tensor: `x.add_(1)` for `x.add(1)`.",
        ""]
    for name, (_, description, members) in files.items():
        parts += [f"### {description}", "", "| PyTorch | Swift |", "|---|---|"]
        names = {function.name for function, _ in members}
        parts += [
            guide_row(function, text, function.name + "_" in names) for function, text in members
            if not function.in_place or function.name.rstrip("_") not in names]
        parts.append("")
    parts += ["### Left out", "", "| PyTorch | Reason |", "|---|---|"]
    for line in (HERE / "left-out.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            names, _, reason = line.partition(" | ")
            parts.append(f"| {', '.join(f'`{name}`' for name in names.split())} | {reason} |")
    return "\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail if the committed files differ")
    parser.add_argument("--list", action="store_true", help="print the Swift signatures instead")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    files, functions = generate()
    if options.list:
        for function in functions:
            print(function.schema.full, "|", next(line for line in function.declaration().splitlines() if "func " in line).strip())
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        targets = {}
        for name, content in files.items():
            path = folder / f"{name}Operators.swift"
            path.write_text(swift_file(name, *content))
            targets[path] = OUTPUT / path.name
        path = folder / "OperatorCalls.swift"
        path.write_text(calls_file(functions))
        targets[path] = CALLS / path.name
        subprocess.run(
            ["swift", "format", "format", "--in-place", "--configuration", ROOT / ".swift-format", *targets],
            check=True)
        path = folder / "Operators.md"
        path.write_text(guide(files))
        targets[path] = GUIDE / path.name
        different = [t for p, t in targets.items() if not t.exists() or t.read_text() != p.read_text()]
        if options.check:
            if different:
                sys.exit(f"not up to date: {', '.join(str(t.relative_to(ROOT)) for t in different)}")
        else:
            for path, target in targets.items():
                if target in different:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(path.read_text())
    operators = len({function.schema.base.rstrip("_") for function in functions})
    print(f"{operators} operators, {len(functions)} functions, {len(files)} files")


if __name__ == "__main__":
    main()
