"""Writes tables with random schemas of the types that Lockstep reads, as `datasets` and pyarrow write them.

    write_tables.py FOLDER --count 20 --seed 0

Each FOLDER/K has the same rows as a `save_to_disk` folder (dataset), Arrow and Parquet files (rows.arrow,
rows.parquet), and one JSON array a row, column by column, in rows.jsonl. FOLDER/refused/TYPE.arrow holds a
column of each type that is not read, FOLDER/converted/NAME one that is converted, among others that are not read,
FOLDER/inexact decimals that cannot be, and FOLDER/shards/NAME reviews in files whose columns differ. FOLDER/texts and FOLDER/hub hold reviews as `save_to_disk` writes them and
as data sets of the Hub lie on disk, FOLDER/tree as aclImdb, and FOLDER/lines as JSON lines.
"""

import argparse
import datetime
import decimal
import json
import math
import os
import random

import datasets
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("folder")
parser.add_argument("--count", type=int, default=20)
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
source = random.Random(arguments.seed)


def text():
    return "".join(chr(source.choice([source.randrange(32, 127), source.randrange(0xA0, 0x2000), 0x1F600]))
                   for _ in range(source.randrange(8)))


def integer(bits, signed):
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return lambda: source.choice([low, high, 0, source.randint(low, high)])


# Numbers of 64 bits and bytes are told as text, which JSON keeps.
SIMPLE = [(getattr(pa, f"{'' if s else 'u'}int{b}")(), integer(b, s)) for b in (8, 16, 32, 64) for s in (True, False)]
SIMPLE += [(pa.bool_(), lambda: source.random() < 0.5), (pa.string(), text), (pa.large_string(), text),
           (pa.binary(), lambda: source.randbytes(source.randrange(6))),
           (pa.large_binary(), lambda: source.randbytes(source.randrange(6))),
           (pa.float64(), lambda: source.uniform(-1e9, 1e9)),
           (pa.float32(), lambda: math.ldexp(source.randrange(-1000, 1000), -3)), (pa.null(), lambda: None)]


def column_type(depth=0):
    if depth < 2 and source.random() < 0.25:
        kind, make = column_type(depth + 1)
        wrap = source.choice([pa.list_, pa.large_list])
        return wrap(kind), lambda: [make() for _ in range(source.randrange(4))]
    return source.choice(SIMPLE)


def plain(value):
    if isinstance(value, list):
        return {"list": [plain(element) for element in value]}
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return {"null": True} if value is None else {type(value).__name__: value}
    return {"int": str(value)}


for number in range(arguments.count):
    folder = f"{arguments.folder}/{number}"
    os.makedirs(folder)
    rows = source.choice([0, 1, 7, 1000])
    types = [column_type() for _ in range(source.randrange(1, 6))]
    arrays, names = [], []
    for place, (kind, make) in enumerate(types):
        values = [None if source.random() < 0.1 else make() for _ in range(rows)]
        arrays.append(pa.array(values, type=kind))
        names.append(f"column {place}")
    table = pa.table(arrays, names=names)
    with open(f"{folder}/rows.jsonl", "w", encoding="utf-8") as file:
        for row in table.to_pylist():
            file.write(json.dumps([plain(row[name]) for name in names]) + "\n")
    make = pa.ipc.new_file if source.random() < 0.5 else pa.ipc.new_stream
    options = pa.ipc.IpcWriteOptions(compression=source.choice([None, "lz4", "zstd"]))
    with make(f"{folder}/rows.arrow", table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=source.choice([1, 100, None]) if rows else None)
    pa.parquet.write_table(table, f"{folder}/rows.parquet", row_group_size=source.choice([3, 10000]),
                           compression=source.choice(["none", "snappy", "zstd"]))
    shards = {"num_shards": source.choice([1, 3])} if rows >= 3 else {}
    datasets.DatasetDict({"train": datasets.Dataset(table)}).save_to_disk(
        f"{folder}/dataset", **({"num_shards": {"train": shards["num_shards"]}} if shards else {}))

REFUSED = {
    "timestamp": pa.array([datetime.datetime(2026, 1, 1)]), "date": pa.array([datetime.date(2026, 1, 1)]),
    "time": pa.array([datetime.time(1)]), "duration": pa.array([datetime.timedelta(1)]),
    "struct": pa.array([{"a": 1}]), "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32())),
    "union": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])])}
os.makedirs(f"{arguments.folder}/refused")
for name, array in REFUSED.items():
    table = pa.table([array], names=["odd"])
    with pa.ipc.new_stream(f"{arguments.folder}/refused/{name}.arrow", table.schema) as writer:
        writer.write_table(table)

# Types that become numbers, text, bytes or lists. Decimals here are those that a 64-bit number equals.
TEXTS = ["", "a", None, "exactly 12 by", "more than twelve bytes \u6f22", "a", None, "x" * 5000, "exactly12byt"]
BYTES = [text and text.encode() for text in TEXTS]
WHOLE = [decimal.Decimal(n) for n in (0, 1, -1, 10**18, -(10**18))] + [None]
HALVES = [decimal.Decimal(n) for n in ("0.5", "-0.5", "1.25", "1024", "0", "-33554431.75")] + [None]
LISTS = [[1, 2], None, [3, None], [4, 5]]
CONVERTED = {
    "dictionary": pa.array(TEXTS).dictionary_encode(),
    "dictionary_small": pa.array(TEXTS).cast(pa.dictionary(pa.int8(), pa.large_string())),
    "dictionary_unsigned": pa.DictionaryArray.from_arrays(pa.array([2, 0, None, 1], pa.uint16()), pa.array([7, None, 9])),
    "dictionary_of_views": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1]), pa.array(TEXTS[3:5], pa.string_view())),
    "dictionary_of_lists": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1]), pa.array([[1], [2, 3]])),
    "string_view": pa.array(TEXTS, pa.string_view()), "binary_view": pa.array(BYTES, pa.binary_view()),
    "views_of_a_slice": pa.concat_arrays([pa.array(TEXTS, pa.string_view()).slice(3)] * 3),
    "float16": pa.array([0.5, -2.0, 65504.0, None, 5.960464477539063e-08], pa.float16()),
    "decimal32": pa.array(HALVES[:3], pa.decimal32(9, 2)), "decimal64": pa.array(WHOLE[:3], pa.decimal64(18, 0)),
    "decimal128": pa.array(HALVES, pa.decimal128(38, 10)), "decimal256": pa.array(HALVES, pa.decimal256(50, 20)),
    "whole_decimal": pa.array(WHOLE, pa.decimal128(38, 0)), "whole_decimal256": pa.array(WHOLE, pa.decimal256(76, 0)),
    "fixed_size_binary": pa.array([b"ab", None, b"\0\xff"], pa.binary(2)),
    "fixed_size_list": pa.array(LISTS, pa.list_(pa.int32(), 2)),
    "fixed_size_list_of_a_slice": pa.array(LISTS, pa.list_(pa.int32(), 2)).slice(1),
    "list_view": pa.array(LISTS, pa.list_view(pa.int64())),
    "large_list_view": pa.array([["a"], [], None], pa.large_list_view(pa.string())),
    "overlapping_list_view": pa.ListViewArray.from_arrays(
        pa.array([1, 0, 2], pa.int32()), pa.array([2, 3, 0], pa.int32()), pa.array([1, 2, 3])),
    "run_end_encoded": pa.RunEndEncodedArray.from_arrays(pa.array([2, 3, 7], pa.int16()), pa.array(["a", None, "b"])),
    "run_end_encoded_of_a_slice": pa.RunEndEncodedArray.from_arrays(
        pa.array([2, 3, 7], pa.int32()), pa.array(["a", None, "b"])).slice(1, 4),
    "list_of_dictionaries": pa.ListArray.from_arrays(
        pa.array([0, 2, 2, 3], pa.int32()), pa.array(["a", "b", "a"]).dictionary_encode())}


def exact(value, kind):
    if isinstance(value, decimal.Decimal):
        return plain(int(value) if kind.scale == 0 else float(value))
    return plain(value)


for name, array in CONVERTED.items():
    folder = f"{arguments.folder}/converted/{name}"
    os.makedirs(folder)
    # The columns around the one that is read have types that are not supported.
    table = pa.table([REFUSED["struct"].take([0] * len(array)), array, REFUSED["map"].take([0] * len(array))],
                     names=["before", "odd", "after"])
    with open(f"{folder}/rows.jsonl", "w", encoding="utf-8") as file:
        for value in array.to_pylist():
            file.write(json.dumps([exact(value, array.type)]) + "\n")
    for suffix, make in [("arrow", pa.ipc.new_file), ("stream.arrow", pa.ipc.new_stream)]:
        with make(f"{folder}/rows.{suffix}", table.schema) as writer:
            writer.write_table(table)
    try:
        pa.parquet.write_table(table, f"{folder}/rows.parquet")
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        # Parquet has no such type; what was begun is no file.
        if os.path.exists(f"{folder}/rows.parquet"):
            os.remove(f"{folder}/rows.parquet")

# Decimals that no 64-bit number equals, with the text that the error quotes.
INEXACT = {"0.10": pa.decimal128(3, 2), "0.0000000001": pa.decimal128(38, 10), "9223372036854775808": pa.decimal128(38, 0),
           "9007199254740993.0": pa.decimal128(20, 1), "-0.3": pa.decimal32(2, 1)}
os.makedirs(f"{arguments.folder}/inexact")
for text, kind in INEXACT.items():
    pa.parquet.write_table(pa.table({"odd": pa.array([decimal.Decimal(0), None, decimal.Decimal(text)], kind)}),
                           f"{arguments.folder}/inexact/{text}.parquet")

# Shards whose columns differ. A name that begins with "bad" is refused.
TEXT, LABEL = ["a", "b"], [0, 1]
SHARDS = {
    "order": [{"text": TEXT, "label": LABEL}, {"label": LABEL, "text": TEXT}],
    "widths": [{"text": TEXT, "label": pa.array(LABEL, pa.int8())}, {"text": TEXT, "label": pa.array(LABEL, pa.uint64())}],
    "strings": [{"text": pa.array(TEXT, pa.large_string()), "label": LABEL},
                {"text": pa.array(TEXT, pa.string_view()), "label": LABEL}],
    "dictionaries": [{"text": pa.array(TEXT).dictionary_encode(), "label": LABEL}, {"text": TEXT, "label": LABEL}],
    "floats": [{"text": TEXT, "label": pa.array([0.0, 1.0], pa.float16())},
               {"text": TEXT, "label": pa.array([decimal.Decimal(0), decimal.Decimal(1)], pa.decimal128(4, 1))}],
    "others": [{"text": TEXT, "label": LABEL, "x": [1, 2]}, {"y": [{"a": 1}, None], "text": TEXT, "label": LABEL}],
    "empty": [{"text": pa.array([], pa.null()), "label": pa.array([], pa.null())}, {"text": TEXT * 2, "label": LABEL * 2}],
    "names": [{"text": TEXT, "label": pa.array(["neg", "pos"]).dictionary_encode()}, {"text": TEXT, "label": ["neg", "pos"]}],
    "bad label": [{"text": TEXT, "label": LABEL}, {"text": TEXT, "label": ["neg", "pos"]}],
    "bad kind": [{"text": TEXT, "label": LABEL}, {"text": TEXT, "label": [0.0, 1.0]}],
    "bad text": [{"text": TEXT, "label": LABEL}, {"text": [b"a", b"b"], "label": LABEL}],
    "bad column": [{"text": TEXT, "label": LABEL}, {"text": TEXT, "Label": LABEL}],
    "bad null": [{"text": TEXT, "label": LABEL}, {"text": TEXT, "label": pa.array([None, None], pa.null())}],
    "bad date": [{"text": TEXT, "label": LABEL}, {"text": TEXT, "label": [datetime.date(2026, 1, 1)] * 2}]}
for name, shards in SHARDS.items():
    os.makedirs(f"{arguments.folder}/shards/{name}/data")
    for number, columns in enumerate(shards):
        pa.parquet.write_table(
            pa.table(columns), f"{arguments.folder}/shards/{name}/data/train-{number:05}-of-{len(shards):05}.parquet")

REVIEWS = {"text": ["good \u00e4", "bad\nfilm", "", "\u6f22 \"quoted\""], "label": [1, 0, 0, 1]}
features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])})
reviews = datasets.Dataset.from_dict(REVIEWS, features=features)
datasets.DatasetDict({"train": reviews, "test": reviews.select([0])}).save_to_disk(
    f"{arguments.folder}/texts", num_shards={"train": 2, "test": 1})
for folder in ["hub/data", "lines", "tree/train/neg", "tree/train/pos"]:
    os.makedirs(f"{arguments.folder}/{folder}")
for shard in range(2):
    reviews.shard(2, shard, contiguous=True).to_parquet(
        f"{arguments.folder}/hub/data/train-{shard:05}-of-00002.parquet")
reviews.to_json(f"{arguments.folder}/lines/train.jsonl")
for number, (text, label) in enumerate(zip(REVIEWS["text"], REVIEWS["label"])):
    with open(f"{arguments.folder}/tree/train/{['neg', 'pos'][label]}/{number}_5.txt", "w", encoding="utf-8") as file:
        file.write(text)

# The same reviews with classes in another order, declared in the metadata.
swapped = datasets.Dataset.from_dict(
    {"text": REVIEWS["text"], "label": [1 - label for label in REVIEWS["label"]]},
    features=datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["pos", "neg"])}))
datasets.DatasetDict({"train": swapped}).save_to_disk(f"{arguments.folder}/swapped/disk")
os.makedirs(f"{arguments.folder}/swapped/hub")
swapped.to_parquet(f"{arguments.folder}/swapped/hub/train.parquet")
swapped.save_to_disk(f"{arguments.folder}/swapped/split/train")

# A selection of rows as old versions of `datasets` stored it: the data stay, and another file has the indices.
for name, indices in {"selection": [3, 0, 0], "bad selection": [0, 4]}.items():
    folder = f"{arguments.folder}/{name}"
    datasets.DatasetDict({"train": reviews}).save_to_disk(folder)
    table = pa.table({"indices": pa.array(indices, pa.uint64())})
    with pa.ipc.new_stream(f"{folder}/train/indices.arrow", table.schema) as writer:
        writer.write_table(table)
    with open(f"{folder}/train/state.json", encoding="utf-8") as file:
        state = json.load(file)
    state["_indices_data_files"] = [{"filename": "indices.arrow"}]
    with open(f"{folder}/train/state.json", "w", encoding="utf-8") as file:
        json.dump(state, file)
