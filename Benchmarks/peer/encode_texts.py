"""Writes what Hugging Face's tokenizers gives for texts, or times both sides in turn.

    encode_texts.py --model FOLDER --csv train.csv --csv test.csv --random 100000 --texts T --expected E
    encode_texts.py --model FOLDER --csv test.csv --texts T --race .build/release/Tokenize --rounds 5

The first writes the texts, one JSON string per line, and the encodings that Benchmarks/Tokenize checks
itself against. The second times one thread of each on the same texts, taking turns, and prints a JSON object for
each round: the processor's seconds of `tokenizers` one text after another and as a batch, and of Lockstep
without and with offsets. The first line has the seconds of loading, of the clock and of the processor.
"""

import argparse
import json
import os
import random
import subprocess
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer  # noqa: E402

from shared import read_reviews  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--model", required=True, help="folder of the tokenizer")
parser.add_argument("--csv", action="append", default=[], help="reviews: columns text,label")
parser.add_argument("--count", type=int, help="number of reviews of each file")
parser.add_argument("--random", type=int, default=0, help="number of random Unicode strings")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--texts", required=True)
parser.add_argument("--expected")
parser.add_argument("--race", help="the program to take turns with")
parser.add_argument("--rounds", type=int, default=5)
arguments = parser.parse_args()

MARKS = "\u0301\u0327\u302e\u302f\u1b44\u0f73\u0f76\U0001d165\U0001d16d\u0345\u034f\u0344\u16ff0\u0f71"
PIECES = ["[MASK]", "[SEP]", "[mask]", "##s", " ", "\t", "don't", " . ", "中文", "\ufffd", "\x00", "\x85", "É", "İ", "ǆ",
          "가", "각", "\U0001d15e", "\U0001d160", "ﬁ", "ß", "ẞ", "Σ", "running", "unaffable", "\u0958", "\u2f800"]


def random_text(source):
    kind = source.random()
    scalars = []
    for _ in range(source.randrange(1, 30)):
        choice = source.random()
        if choice < 0.25:
            scalars.append(source.choice(PIECES))
        elif choice < 0.4:
            scalars.append(source.choice(MARKS))
        elif choice < 0.7 or kind < 0.3:
            scalars.append(chr(source.randrange(0x20, 0x250)))
        else:
            top = 0x3000 if choice < 0.85 else 0x110000
            value = source.randrange(top)
            while 0xD800 <= value < 0xE000:
                value = source.randrange(top)
            scalars.append(chr(value))
    return "".join(scalars)


texts = []
for path in arguments.csv:
    texts += read_reviews(path)[0][: arguments.count]
source = random.Random(arguments.seed)
texts += [random_text(source) for _ in range(arguments.random)]
with open(arguments.texts, "w", encoding="utf-8") as file:
    for text in texts:
        file.write(json.dumps(text) + "\n")

tokenizer = Tokenizer.from_file(f"{arguments.model}/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(512)
if arguments.expected:
    with open(arguments.expected, "w", encoding="utf-8") as file:
        for text in texts:
            encoding = tokenizer.encode(text)
            file.write(json.dumps({
                "ids": encoding.ids, "types": encoding.type_ids, "special": encoding.special_tokens_mask,
                "offsets": encoding.offsets, "text": tokenizer.decode(encoding.ids),
                "all": tokenizer.decode(encoding.ids, skip_special_tokens=False)}) + "\n")
if arguments.race:
    start, processor = time.perf_counter(), time.process_time()
    Tokenizer.from_file(f"{arguments.model}/tokenizer.json")
    theirs = [time.perf_counter() - start, time.process_time() - processor]
    with subprocess.Popen([arguments.race, arguments.model, arguments.texts], text=True, bufsize=1,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ours:
        print(json.dumps({"load": [float(part) for part in ours.stdout.readline().split()], "their_load": theirs}))
        for _ in range(arguments.rounds):
            start = time.process_time()
            tokens = sum(len(encoding) for encoding in map(tokenizer.encode, texts))
            middle = time.process_time()
            tokenizer.encode_batch(texts)
            times = {"theirs": middle - start, "theirs_batch": time.process_time() - middle}
            for mode in ["ids", "offsets"]:
                ours.stdin.write(mode + "\n")
                seconds, count = ours.stdout.readline().split()
                assert int(count) == tokens, (count, tokens)
                times[mode] = float(seconds)
            print(json.dumps(times), flush=True)
        ours.stdin.close()
