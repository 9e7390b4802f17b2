#!/usr/bin/env python3
"""Checks the generated Swift functions with PyTorch's database of sample inputs (op_db).

    Benchmarks/peer/operators.py PATH/OperatorCalls [--dtypes float32] [--only NAME …] [--samples N]

Each sample is traced to the operator that it calls. OperatorCalls calls the Swift function of that operator with
the same arguments, and this program compares its results and gradients with PyTorch's: equal to the bit, or within
the tolerance of torch.testing.assert_close.
"""

import argparse
import ast
import collections
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import warnings

import torch
from torch.utils import _pytree as pytree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Scripts/operators"))
import schemas  # noqa: E402

FUNCTIONS: set = set()
SCHEMAS: dict = {}

BATCH = 2000
# Other names of an operator: Swift has the one on the right.
ALIASES = dict(pair.split(":") for pair in """
absolute:abs arccos:acos arccosh:acosh arcsin:asin arcsinh:asinh arctan:atan arctan2:atan2 arctanh:atanh
clip:clamp clip.Tensor:clamp.Tensor concat:cat concatenate:cat det:linalg_det divide.Scalar:div.Scalar
divide.Tensor:div.Tensor divide.Tensor_mode:div.Tensor_mode divide.Scalar_mode:div.Scalar_mode fix:trunc ger:outer
greater.Tensor:gt.Tensor greater.Scalar:gt.Scalar greater_equal.Tensor:ge.Tensor greater_equal.Scalar:ge.Scalar
inverse:linalg_inv less.Tensor:lt.Tensor less.Scalar:lt.Scalar less_equal.Tensor:le.Tensor
less_equal.Scalar:le.Scalar linalg_matmul:matmul moveaxis.int:movedim.int moveaxis.intlist:movedim.intlist
multiply.Tensor:mul.Tensor multiply.Scalar:mul.Scalar negative:neg not_equal.Tensor:ne.Tensor
not_equal.Scalar:ne.Scalar row_stack:vstack slogdet:linalg_slogdet subtract.Tensor:sub.Tensor
subtract.Scalar:sub.Scalar swapaxes:swapdims trapz.x:trapezoid.x trapz.dx:trapezoid.dx
true_divide.Tensor:div.Tensor true_divide.Scalar:div.Scalar special_digamma:digamma special_erf:erf
special_erfc:erfc special_erfinv:erfinv special_exp2:exp2 special_expit:sigmoid special_expm1:expm1
special_gammainc:igamma special_gammaincc:igammac special_gammaln:lgamma special_i0:i0 special_log1p:log1p
special_log_softmax:log_softmax.int special_logit:logit special_logsumexp:logsumexp special_multigammaln:mvlgamma
special_polygamma:polygamma special_psi:digamma special_round:round.decimals special_sinc:sinc
special_softmax:softmax.int special_xlogy:xlogy.Tensor special_xlogy.other_scalar:xlogy.Scalar_Other
nll_loss:nll_loss_nd split_with_sizes:split.sizes
""".split())
# Entries whose samples are no call of the operators in their trace.
NOT_COMPARED = {
    "nn.functional.linear_cross_entropy": "PyTorch computes it in chunks, by a function in Python",
}
# Entries that detach an argument in Python, so that PyTorch has no gradient for it.
DETACHING = {"istft"}
SEED = 42  # the one that op_db's own samples of random operators set


def is_tensor(value):
    return isinstance(value, torch.Tensor)


class Reference:
    """A result of an earlier step."""

    def __init__(self, step, result):
        self.step, self.result = step, result


class Untraceable(Exception):
    pass


def record(function, tensors):
    """What a function computes: its steps, each an operator and its arguments, and its results."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        detached = tuple(tensor.detach() for tensor in tensors)
        try:
            graph = torch.jit._get_trace_graph(function, detached, strict=False)[0]
        except RuntimeError as error:
            raise Untraceable(f"PyTorch cannot trace it: {' '.join(str(error).split())[:60]}") from error
    torch._C._jit_pass_inline(graph)
    values = {value.debugName(): tensor for value, tensor in zip(graph.inputs(), tensors)}
    steps = []
    for node in graph.nodes():
        kind = node.kind()
        inputs = [values[value.debugName()] for value in node.inputs()]
        outputs = [value.debugName() for value in node.outputs()]
        if kind == "prim::Constant":
            values[outputs[0]] = node.output().toIValue()
        elif kind in ("prim::ListConstruct", "prim::TupleConstruct"):
            values[outputs[0]] = inputs
        elif kind in ("prim::ListUnpack", "prim::TupleUnpack"):
            source = inputs[0]
            for index, output in enumerate(outputs):
                values[output] = (
                    Reference(source.step, index) if isinstance(source, Reference) else source[index])
        elif kind == "aten::size" and is_tensor(inputs[0]):
            values[outputs[0]] = inputs[0].shape[inputs[1]]
        elif kind in ("prim::NumToTensor", "aten::Int", "aten::detach") and not isinstance(inputs[0], Reference):
            values[outputs[0]] = inputs[0]
        elif kind.startswith("aten::"):
            name = node.schema().partition("(")[0].removeprefix("aten::")
            if name.endswith(".Tensor") and len(inputs) > 1 and isinstance(inputs[1], (bool, int, float, complex)):
                name = name.removesuffix(".Tensor") + ".Scalar"  # PyTorch wraps numbers in tensors.
            steps.append(as_swift_has_it(ALIASES.get(name, name), inputs))
            for index, output in enumerate(outputs):
                values[output] = Reference(len(steps) - 1, index)
        else:
            raise Untraceable(f"its trace has {kind}")
    results = [values[value.debugName()] for value in graph.outputs()]
    return steps, [item for result in results for item in (result if isinstance(result, list) else [result])]


def as_swift_has_it(name, arguments):
    """The operator and its arguments in the form that has a Swift function."""
    if name.startswith("searchsorted") and arguments[4] is not None:  # Swift has `right` only.
        arguments = [*arguments[:3], arguments[4] == "right", None, *arguments[5:]]
    if name in FUNCTIONS or name not in SCHEMAS:
        return name, arguments
    # The overload that also takes a generator, where Swift has that one only.
    own = [argument.name for argument in SCHEMAS[name].arguments]
    for other in SCHEMAS.values():
        names = [argument.name for argument in other.arguments]
        if other.base == SCHEMAS[name].base and "generator" in names and [n for n in names if n != "generator"] == own:
            arguments = list(arguments)
            arguments.insert(names.index("generator"), None)
            return other.full, arguments
    return name, arguments


def bind(operator, sample_input, args, kwargs):
    """The call of one operator by PyTorch's names of its arguments, where the trace does not show it."""
    base = operator.name.removeprefix("nn.functional.").replace(".", "_")
    if operator.variant_test_name:
        return None  # It may pass its arguments in another order.
    candidates = sorted(
        (s for s in SCHEMAS.values() if s.base == base), key=lambda schema: -len(schema.arguments))
    for schema in candidates:
        values = [sample_input, *args]
        if len(values) > len(schema.arguments):
            continue
        names = [argument.name for argument in schema.arguments]
        if any(name not in names for name in kwargs):
            continue
        bound = dict(zip(names, values)) | kwargs
        arguments, fits = [], True
        for argument in schema.arguments:
            if argument.name in bound:
                value = bound[argument.name]
            elif argument.default is not None:
                value = default_of(argument)
            else:
                fits = False
                break
            if not has_type(value, argument.type):
                fits = False
                break
            arguments.append(value)
        if fits:
            return schema.full, arguments
    return None


def default_of(argument):
    text = {"Mean": "1"}.get(argument.default, argument.default)
    value = {"None": None, "True": True, "False": False}.get(text, text)
    return ast.literal_eval(text) if value == text else value


def has_type(value, kind):
    if value is None:
        return kind.endswith("?")
    kind = kind.rstrip("?")
    number = isinstance(value, (bool, int, float, complex))
    if kind in ("Tensor",):
        return is_tensor(value)
    if kind.startswith("Tensor"):
        return isinstance(value, (list, tuple)) and all(is_tensor(v) or v is None for v in value)
    if kind == "str":
        return isinstance(value, str)
    if kind.startswith("int["):
        return isinstance(value, int) and kind != "int[]" or isinstance(value, (list, tuple)) and all(
            isinstance(v, int) for v in value)
    if kind.startswith("float["):
        return isinstance(value, (list, tuple))
    if kind == "int":
        return isinstance(value, int)
    if kind in ("float", "Scalar", "bool"):
        return number
    return True


def plain(value):
    """A value that a .pt file can hold and Swift reads."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Reference):
        return {"step": value.step, "result": value.result}
    if isinstance(value, (torch.device, torch.layout, torch.memory_format)):
        return None
    return value


def load_functions(program):
    """The operators that have a Swift function."""
    return set(subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout.split())


def own_copy(tensor):
    return tensor.detach().clone().requires_grad_(tensor.requires_grad)


class Sample:
    def __init__(self, operator, dtype, sample, function=None):
        self.operator, self.dtype = operator, dtype
        self.function = function or operator
        leaves, self.structure = pytree.tree_flatten((sample.input, sample.args, sample.kwargs))
        # Samples share tensors that an operator may change, such as running statistics.
        self.leaves = [own_copy(leaf) if is_tensor(leaf) else leaf for leaf in leaves]

    def call(self, tensors=None):
        tensors = iter(tensors if tensors is not None else self.tensors())
        leaves = [next(tensors) if is_tensor(leaf) else leaf for leaf in self.leaves]
        input_, args, kwargs = pytree.tree_unflatten(leaves, self.structure)
        return self.function(input_, *args, **kwargs)

    def tensors(self):
        return [leaf for leaf in self.leaves if is_tensor(leaf)]

    def expected(self):
        torch.manual_seed(SEED)
        self.outputs = [
            leaf if is_tensor(leaf) else torch.tensor(leaf) for leaf in pytree.tree_leaves(self.call())
            if is_tensor(leaf) or isinstance(leaf, bool)]
        generator = torch.Generator().manual_seed(1)
        self.seeds = [
            torch.randn(output.shape, dtype=output.dtype, generator=generator) if output.requires_grad else None
            for output in self.outputs]
        self.with_gradient = [tensor for tensor in self.tensors() if tensor.requires_grad]
        self.gradients = [None] * len(self.with_gradient)
        seeded = [(o, s) for o, s in zip(self.outputs, self.seeds) if s is not None]
        if seeded and self.with_gradient:
            self.gradients = torch.autograd.grad(
                [o for o, _ in seeded], self.with_gradient, [s for _, s in seeded], allow_unused=True)
        self.outputs = [output.detach() for output in self.outputs]


def same_bits(a, b):
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.is_conj():
        a = a.resolve_conj()
    if b.is_conj():
        b = b.resolve_conj()
    if a.is_neg() or b.is_neg():
        a, b = a.resolve_neg(), b.resolve_neg()
    flat = [t.flatten().clone(memory_format=torch.contiguous_format).view(torch.uint8) for t in (a, b)]
    return flat[0].equal(flat[1])


def compare(sample, answer):
    """'equal', 'close', or a sentence that says what differs."""
    results = [*answer["results"]]
    if len(results) < len(sample.outputs):
        return f"{len(results)} results instead of {len(sample.outputs)}"
    results = results[: len(sample.outputs)]  # PyTorch's functions hide results that were not asked for.
    gradients = answer["gradients"] or [None] * len(sample.gradients)
    if len(gradients) != len(sample.gradients):
        return f"{len(gradients)} gradients instead of {len(sample.gradients)}"
    pairs = list(zip(results, sample.outputs)) + list(zip(gradients, sample.gradients))
    equal = True
    for index, (result, expected) in enumerate(pairs):
        what = f"result {index}" if index < len(results) else f"gradient {index - len(results)}"
        if expected is None:  # Swift returns zeros for an input that does not take part.
            if result is not None and result.count_nonzero() and sample.operator.name not in DETACHING:
                return f"{what} is unexpected"
            continue
        if result is None:
            return f"{what} is missing"
        if same_bits(result, expected):
            continue
        if "empty" in sample.operator.name and result.shape == expected.shape and result.dtype == expected.dtype:
            continue
        equal = False
        try:
            torch.testing.assert_close(result, expected, equal_nan=True)
        except AssertionError as error:
            return f"{what}: {' '.join(str(error).split())[:200]}"
    return "equal" if equal else "close"


def samples_of(operator, dtype, limit):
    differentiable = operator.supports_autograd and dtype in operator.supported_backward_dtypes("cpu")
    for index, sample in enumerate(operator.sample_inputs("cpu", dtype, requires_grad=differentiable)):
        if limit and index >= limit:
            return
        yield Sample(operator, dtype, sample)
        overwriting = operator.inplace_variant
        if overwriting and operator.supports_inplace_autograd and not sample.broadcasts_input:
            yield Sample(operator, dtype, sample, lambda x, *a, f=overwriting, **k: f(x.clone(), *a, **k))


class Outcome:
    def __init__(self):
        self.operators = collections.defaultdict(collections.Counter)
        self.reasons = {}
        self.functions = set()
        self.failures = []


def run_batch(program, batch, outcome):
    if not batch:
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "calls.pt"), pathlib.Path(folder, "results.pt")
        try:
            torch.save([entry for _, entry in batch], source)
        except RuntimeError:  # A file cannot hold views of the same memory as different types.
            if len(batch) > 1:
                half = len(batch) // 2
                run_batch(program, batch[:half], outcome)
                run_batch(program, batch[half:], outcome)
            else:
                name = batch[0][0].operator.name
                outcome.operators[name]["left out"] += 1
                outcome.reasons.setdefault(name, "views of the same memory as different types")
            return
        done = subprocess.run([program, source, target], capture_output=True, text=True)
        if done.returncode != 0:
            if len(batch) == 1:
                sample, entry = batch[0]
                outcome.operators[sample.operator.name]["differs"] += 1
                outcome.failures.append((sample.operator.name, entry["steps"][0]["name"], f"the program ended: {done.stderr[-200:]}"))
                return
            half = len(batch) // 2
            run_batch(program, batch[:half], outcome)
            run_batch(program, batch[half:], outcome)
            return
        answers = torch.load(target)
    for (sample, entry), answer in zip(batch, answers):
        name = sample.operator.name
        result = answer["error"] if "error" in answer else compare(sample, answer)
        if result in ("equal", "close"):
            outcome.operators[name][result] += 1
        else:
            outcome.operators[name]["differs"] += 1
            outcome.failures.append((name, entry["steps"][0]["name"], result))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the test program OperatorCalls")
    parser.add_argument("--dtypes", nargs="+", default=["float32"])
    parser.add_argument("--only", nargs="+", help="names of op_db's entries")
    parser.add_argument("--samples", type=int, default=0, help="samples of each entry (all)")
    parser.add_argument("--every", type=int, default=1, help="take every N-th entry")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with contextlib.redirect_stderr(io.StringIO()):
        from torch.testing._internal.common_methods_invocations import op_db
    torch.set_num_threads(1)
    FUNCTIONS.update(load_functions(options.program))
    SCHEMAS.update(schemas.available() | schemas.in_place())
    outcome = Outcome()
    entries = [e for e in op_db if not options.only or e.name in options.only][:: options.every]
    batch, size = [], 0
    for number, operator in enumerate(entries):
        if operator.name in NOT_COMPARED:
            outcome.reasons[operator.name] = NOT_COMPARED[operator.name]
            continue
        for dtype in (getattr(torch, name) for name in options.dtypes):
            if dtype not in operator.supported_dtypes("cpu"):
                continue
            try:
                for sample in samples_of(operator, dtype, options.samples):
                    entry = prepare(sample, outcome)
                    if entry:
                        batch.append((sample, entry))
                        size += 1
            except Exception as error:  # noqa: BLE001
                outcome.reasons[operator.name] = f"PyTorch: {' '.join(str(error).split())[:100]}"
            if size >= BATCH:
                run_batch(options.program, batch, outcome)
                batch, size = [], 0
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(entries)}", end="", file=sys.stderr)
    run_batch(options.program, batch, outcome)
    report(entries, outcome)


def prepare(sample, outcome):
    """The entry of the file, or None with a reason in the outcome."""
    name = sample.operator.name
    sample.expected()
    tensors = sample.tensors()
    try:
        steps, results = record(lambda *inputs: sample.call(inputs), tensors)
        reason = next((f"no function for {n}" for n, _ in steps if n not in FUNCTIONS), None)
        if not steps:
            reason = "it calls no operator"
    except Untraceable as error:
        reason = str(error)
    if reason:
        input_, args, kwargs = pytree.tree_unflatten(sample.leaves, sample.structure)
        found = bind(sample.operator, input_, args, kwargs)
        if found and found[0] in FUNCTIONS:
            steps = [found]
            results = [Reference(0, index) for index in range(len(sample.outputs) or 1)]
        else:
            outcome.operators[name]["left out"] += 1
            outcome.reasons.setdefault(name, reason)
            return None
    arguments = [arguments for _, arguments in steps]
    gradients = {id(t): g for t, g in zip(sample.with_gradient, sample.gradients)}
    order = [leaf for leaf in pytree.tree_leaves(arguments) if is_tensor(leaf) and leaf.requires_grad]
    sample.gradients = [gradients.get(id(tensor)) for tensor in order]
    outcome.functions.update(n for n, _ in steps)
    return {
        "seed": SEED, "seeds": sample.seeds, "results": plain(results),
        "steps": [{"name": n, "arguments": plain(a)} for n, a in steps]}


def report(entries, outcome):
    total = collections.Counter()
    covered = []
    for name, counts in sorted(outcome.operators.items()):
        total.update(counts)
        if counts["equal"] + counts["close"] and not counts["differs"]:
            covered.append(name)
    for name, function, reason in outcome.failures[:60]:
        print(f"differs: {name} ({function}): {reason}")
    missing = {entry.name for entry in entries} - set(covered)
    for name in sorted(missing):
        if name not in {failure[0] for failure in outcome.failures}:
            print(f"left out: {name}: {outcome.reasons.get(name, 'no sample of these types')}")
    names = {entry.name for entry in entries}
    print(
        f"entries {len(names)}, covered {len(set(covered))}; Swift functions called {len(outcome.functions)}; samples: "
        + ", ".join(f"{kind} {count}" for kind, count in sorted(total.items())))
    if outcome.failures:
        sys.exit(1)


if __name__ == "__main__":
    main()
