"""The public declarations of the modules, read from a debug build. Shared by the scripts docs, docs-check and api."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build/debug"
MODULES = [
    "Support", "Worker", "Collectives", "Elastic", "Tokenizers", "DataLoading", "Torch", "TorchCollectives",
    "DataParallel", "Training", "Transformers", "Lockstep",
]


def fail(message):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: error: {message}")


def compiler_flags(build):
    """What the Swift tools need to load the modules of a build."""
    build = build.resolve()
    # A build is in PACKAGE/.build/TRIPLE/debug.
    package = build.parents[2]
    maps = [
        *sorted(build.glob("*.build/module.modulemap")),
        *sorted(package.glob("Sources/*/include/module.modulemap")),
        *sorted(package.glob("Sources/*/module.modulemap")),
        *sorted(package.glob(".build/checkouts/*/Sources/*/include/module.modulemap")),
    ]
    includes = [f"-I{package / '.deps' / folder}" for folder in ("include", "libtorch/include")]
    words = [f"-fmodule-map-file={path}" for path in maps] + includes
    return ["-I", str(build / "Modules"), *(word for w in words for word in ("-Xcc", w))]


def extract_graphs(modules, build, folder):
    """Writes the symbol graphs of the modules' public declarations, and returns them by path."""
    missing = [module for module in modules if not (build / f"Modules/{module}.swiftmodule").exists()]
    if missing:
        fail(f"{build} has no module {missing[0]}: run `swift build --target Lockstep` first")
    info = subprocess.run(["swiftc", "-print-target-info"], capture_output=True, text=True, check=True).stdout
    target = json.loads(info)["target"]["triple"]
    flags = compiler_flags(build)

    def extract(module):
        return subprocess.run(
            ["swift-symbolgraph-extract", "-module-name", module, "-target", target, *flags,
             "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", folder],
            capture_output=True, text=True)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for module, result in zip(modules, pool.map(extract, modules)):
            if result.returncode != 0:
                fail(f"cannot read module {module}: {result.stderr or result.stdout}")
    return {path: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.symbols.json"))}


def module_of(path):
    """The module of a graph: `Training@Collectives.symbols.json` has what Training adds to types of Collectives."""
    return path.name.removesuffix(".symbols.json").split("@")[0]


def is_implied(symbol):
    """Whether the compiler writes the declaration, as conformances to Codable and the like need it."""
    return symbol["names"]["title"].split(".")[-1] in (
        "init(from:)", "encode(to:)", "init(rawValue:)", "hash(into:)", "==(_:_:)")
