"""Writes tables with random schemas of the types that Lockstep reads, as `datasets` and pyarrow write them.

    write_tables.py FOLDER --count 20 --seed 0

Each FOLDER/K has the same rows as a `save_to_disk` folder (dataset), Arrow and Parquet files (rows.arrow,
rows.parquet), and one JSON array a row, column by column, in rows.jsonl. FOLDER/refused/TYPE.arrow holds a
column of each type that is not read. FOLDER/texts and FOLDER/hub hold reviews as `save_to_disk` writes them and
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
    "decimal": pa.array([decimal.Decimal("1.5")]), "struct": pa.array([{"a": 1}]),
    "dictionary": pa.array(["a"]).dictionary_encode(), "float16": pa.array([1.5], pa.float16()),
    "fixed_size_list": pa.array([[1, 2]], pa.list_(pa.int32(), 2)), "string_view": pa.array(["a"], pa.string_view()),
    "fixed_size_binary": pa.array([b"ab"], pa.binary(2)), "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32()))}
os.makedirs(f"{arguments.folder}/refused")
for name, array in REFUSED.items():
    table = pa.table([array], names=["odd"])
    with pa.ipc.new_stream(f"{arguments.folder}/refused/{name}.arrow", table.schema) as writer:
        writer.write_table(table)

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
