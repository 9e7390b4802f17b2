"""Tokenizer folders of many kinds, and what Hugging Face's AutoTokenizer makes of each.

    tokenizer_grid.py write FOLDER        # writes the folders, texts.json and expected.jsonl into FOLDER
    tokenizer_grid.py describe FOLDER     # writes expected.jsonl for the folders that are there
    tokenizer_grid.py compare A B         # compares two of these files; prints the folders that differ

A line of expected.jsonl has the name of a folder and either an error, or the ids of each text, the ids and type ids
of pairs, truncated ids, decoded texts and the id of the padding token. Folders are combinations of vocab.txt,
tokenizer.json, tokenizer_config.json, special_tokens_map.json, added_tokens.json and config.json: all combinations
of the kinds of each file that are met most, and random combinations of all kinds.
"""

import itertools
import json
import os
import random
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["TRANSFORMERS_VERBOSITY"] = "critical"

BASE = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["the", "film", "was", "good", "bad", "The", "Film", "Good", "##s", "##ly", "cafe", "café", "Cafe", "Café", "!",
         ".", ",", "a", "i", "中", "文", "中文", "e", "x", "##x", "imdb", "IMDB", "not", "don", "'", "t", "<", ">", "/",
         "[", "]", "naive", "naïve", "new", "NEW", "york", "s"]
TEXTS = [
    "The film was good!", "THE FILM WAS BAD.", "café Café CAFÉ cafe naïve", "films goodly xyzzy", "中文 a中b 文",
    "[E1] the film [/E1] was good", "the [E1]film[/E1] was [e1] bad [E1]", "a [MASK] film [PAD][SEP]x [CLS] [UNK]",
    "<x> <X><y>film <z>  <z> a", "New York new york NEW YORK", "  ", "", "x \t\n the\u00a0film\u200b \ufffd \x00 i",
    "image <image> <audio>s <s>the</s> <pad> <unk> <mask> </s>", "don't, not a.bad", "Strip  <l>  film  <r>  the <b> a",
    "word single wordsingle single.", "Extra EXTRA extra", "İ ẞ ﬁ Å e\u0301 é",
]
PAIRS = [("The film was good!", "not bad [E1]"), ("a", "the film <x> was good , not bad .")]


def token(content, **properties):
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, **properties}


def added(content, **properties):
    return token(content, **{"special": True, **properties})


def marked(content, **properties):
    return {"__type": "AddedToken", **token(content, **properties)}


def vocabulary(words=None):
    return {word: index for index, word in enumerate(words if words is not None else BASE + WORDS)}


def lines(words=None, end="\n"):
    return "".join(word + end for word in (words if words is not None else BASE + WORDS))


def template(cls="[CLS]", sep="[SEP]", cls_id=2, sep_id=3):
    def special(name, kind):
        return {"SpecialToken": {"id": name, "type_id": kind}}

    def text(name, kind):
        return {"Sequence": {"id": name, "type_id": kind}}

    single = [special(cls, 0), text("A", 0), special(sep, 0)]
    return {"type": "TemplateProcessing", "single": single, "pair": single + [text("B", 1), special(sep, 1)],
            "special_tokens": {cls: {"id": cls, "ids": [cls_id], "tokens": [cls]},
                               sep: {"id": sep, "ids": [sep_id], "tokens": [sep]}}}


NORMALIZER = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
              "lowercase": True}
SPECIALS = [{"id": index, **added(name)} for index, name in enumerate(BASE)]


def tokenizer(vocab=None, tokens=SPECIALS, normalizer=NORMALIZER, post=template(), model=None, **rest):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer,
            "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": post,
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100, "vocab": vocab or vocabulary(), **(model or {})}, **rest}


CASED = {**NORMALIZER, "lowercase": False}
MORE = len(BASE + WORDS)
RENAMED = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"]
GAPS = {word: index if index < 20 else index + 7 for word, index in vocabulary().items()}
E_TOKENS = ["[E1]", "[/E1]"]


def without(*words):
    return [word for word in BASE + WORDS if word not in words]


# Each kind of vocabulary: the files that contain it.
VOCABULARIES = {
    "text": {"vocab.txt": lines()},
    "json": {"tokenizer.json": tokenizer()},
    "json-cased": {"tokenizer.json": tokenizer(normalizer=CASED)},
    "both": {"vocab.txt": lines(["other"] + BASE + WORDS), "tokenizer.json": tokenizer()},
    "text-entities": {"vocab.txt": lines(BASE + WORDS + E_TOKENS)},
    "json-entities": {"tokenizer.json": tokenizer(tokens=SPECIALS + [
        {"id": MORE, **added("[E1]")}, {"id": MORE + 1, **added("[/E1]", special=False, normalized=True)}])},
}
RARE_VOCABULARIES = {
    "text-crlf": {"vocab.txt": lines(end="\r\n")},
    "text-blank": {"vocab.txt": lines() + "\n\n"},
    "text-blank-inside": {"vocab.txt": lines(BASE + [""] + WORDS + ["  "])},
    "text-no-last-newline": {"vocab.txt": lines().rstrip("\n")},
    "text-duplicate": {"vocab.txt": lines(BASE + WORDS + ["good", "[CLS]"])},
    "text-spaces": {"vocab.txt": lines(end=" \u00a0\n")},
    "text-bom": {"vocab.txt": "\ufeff" + lines()},
    "text-bert": {"vocab.txt": lines(["[PAD]"] + [f"[unused{i}]" for i in range(9)] + BASE[1:] + WORDS)},
    "text-renamed": {"vocab.txt": lines(RENAMED + WORDS)},
    "text-empty": {"vocab.txt": ""},
    **{f"text-no-{word.strip('[]').lower()}": {"vocab.txt": lines(without(word))} for word in BASE},
    "text-no-specials-but-unk": {"vocab.txt": lines(["[UNK]"] + WORDS)},
    "json-no-added": {"tokenizer.json": tokenizer(tokens=[])},
    "json-added-order": {"tokenizer.json": tokenizer(tokens=SPECIALS[::-1] + [
        {"id": MORE + 5, **added("<x>")}, {"id": MORE, **added("<y>", special=False)}])},
    "json-other-ids": {"tokenizer.json": tokenizer(tokens=SPECIALS + [{"id": 3000, **added("<x>")}])},
    "json-flags": {"tokenizer.json": tokenizer(tokens=SPECIALS + [
        {"id": MORE, **added("<l>", lstrip=True)}, {"id": MORE + 1, **added("<r>", rstrip=True)},
        {"id": MORE + 2, **added("single", single_word=True, special=False)},
        {"id": MORE + 3, **added("Extra", normalized=True, special=False)},
        {"id": MORE + 4, **added("<b>", lstrip=True, rstrip=True, special=False)}])},
    "json-gaps": {"tokenizer.json": tokenizer(GAPS)},
    "json-gaps-added": {"tokenizer.json": tokenizer(GAPS, tokens=SPECIALS + [{"id": 60, **added("<x>")}])},
    "json-equal-ids": {"tokenizer.json": tokenizer({**vocabulary(), "york": 6})},
    "json-no-post-processor": {"tokenizer.json": tokenizer(post=None)},
    "json-bert-processing": {"tokenizer.json": tokenizer(
        post={"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]})},
    "json-other-template": {"tokenizer.json": tokenizer(post=template("a", "i", 22, 23))},
    "json-no-normalizer": {"tokenizer.json": tokenizer(normalizer=None)},
    "json-lowercase": {"tokenizer.json": tokenizer(normalizer={"type": "Lowercase"})},
    "json-accents": {"tokenizer.json": tokenizer(normalizer={**NORMALIZER, "strip_accents": False})},
    "json-chinese": {"tokenizer.json": tokenizer(normalizer={**NORMALIZER, "handle_chinese_chars": False})},
    "json-not-clean": {"tokenizer.json": tokenizer(normalizer={**NORMALIZER, "clean_text": False})},
    "json-short-words": {"tokenizer.json": tokenizer(model={"max_input_chars_per_word": 4})},
    "json-other-unknown": {"tokenizer.json": tokenizer(model={"unk_token": "x"})},
    "json-other-prefix": {"tokenizer.json": tokenizer(
        {word.replace("##", "@@"): index for word, index in vocabulary().items()},
        model={"continuing_subword_prefix": "@@"}, decoder={"type": "WordPiece", "prefix": "@@", "cleanup": False})},
    "json-no-decoder": {"tokenizer.json": tokenizer(decoder=None)},
    "json-padding": {"tokenizer.json": tokenizer(tokens=SPECIALS[1:], padding={
        "strategy": "BatchLongest", "direction": "Left", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0,
        "pad_token": "[PAD]"})},
    "json-truncation": {"tokenizer.json": tokenizer(truncation={
        "direction": "Left", "max_length": 5, "strategy": "LongestFirst", "stride": 0})},
    "json-renamed": {"tokenizer.json": tokenizer(
        vocabulary(RENAMED + WORDS), tokens=[{"id": i, **added(name)} for i, name in enumerate(RENAMED)],
        post=template("<s>", "</s>"), model={"unk_token": "<unk>"})},
    "json-no-unknown": {"tokenizer.json": tokenizer(vocabulary(without("[UNK]")))},
    "json-no-model-type": {"tokenizer.json": tokenizer(model={"type": None})},
    "json-missing-flags": {"tokenizer.json": tokenizer(tokens=[
        {"id": index, "content": name, "special": True} for index, name in enumerate(BASE)])},
    "json-no-list-of-added": {"tokenizer.json": {
        key: value for key, value in tokenizer().items() if key != "added_tokens"}},
    "json-versioned": {"tokenizer.4.1.0.json": tokenizer(), "tokenizer.json": tokenizer(
        vocabulary(["zero"] + BASE + WORDS))},
    "json-bare": {"tokenizer.json": {"added_tokens": [], "model": tokenizer()["model"],
                                     "pre_tokenizer": {"type": "BertPreTokenizer"}}},
    "none": {},
}
del RARE_VOCABULARIES["json-no-model-type"]["tokenizer.json"]["model"]["type"]

CLASSES = {
    "no-class": {}, "bert": {"tokenizer_class": "BertTokenizer"}, "bert-fast": {"tokenizer_class": "BertTokenizerFast"},
    "general": {"tokenizer_class": "PreTrainedTokenizerFast"},
}
RARE_CLASSES = {
    name: {"tokenizer_class": name}
    for name in ["DistilBertTokenizer", "DistilBertTokenizerFast", "ElectraTokenizer", "ElectraTokenizerFast",
                 "MobileBertTokenizer", "LayoutLMTokenizerFast", "TokenizersBackend", "PreTrainedTokenizer",
                 "ConvBertTokenizer", "ConvBertTokenizerFast", "MyOwnTokenizer", "SqueezeBertTokenizerFast",
                 "LxmertTokenizer"]
}

NAMED = dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], BASE))
RENAMES = dict(zip(NAMED, RENAMED))
DECODER = {str(index): added(name) for index, name in enumerate(BASE)}

# None: no tokenizer_config.json.
CONFIGS = {
    "no-config": None,
    "cased": {"do_lower_case": False},
    "named": {**NAMED, "do_lower_case": True, "strip_accents": None, "tokenize_chinese_chars": True},
    "additional": {"additional_special_tokens": E_TOKENS, "do_lower_case": False},
    "decoder": {"added_tokens_decoder": {**DECODER, str(MORE): added("[E1]"), str(MORE + 1): added("[/E1]")},
                "do_lower_case": True, **NAMED},
}
RARE_CONFIGS = {
    "empty": {},
    "accents": {"strip_accents": False}, "accents-cased": {"strip_accents": True, "do_lower_case": False},
    "chinese": {"tokenize_chinese_chars": False},
    "extra": {"extra_special_tokens": ["<x>", "<y>"]},
    "extra-named": {"extra_special_tokens": {"image_token": "<image>", "audio_token": "<audio>"}},
    "extra-named-marked": {"extra_special_tokens": {"image_token": marked("<image>", lstrip=True, normalized=True)}},
    "extra-empty": {"extra_special_tokens": [], "additional_special_tokens": ["<x>"]},
    "extra-and-additional": {"extra_special_tokens": ["<y>"], "additional_special_tokens": ["<x>"]},
    "extra-null": {"extra_special_tokens": None}, "additional-null": {"additional_special_tokens": None},
    "additional-marked": {"additional_special_tokens": [marked("<x>", normalized=True), "<y>"]},
    "additional-object": {"additional_special_tokens": {"image_token": "<image>"}},
    "own-names": {"image_token": "<image>", "audio_token": "<audio>", "add_prefix_token": True},
    "own-names-other-order": {"audio_token": "<audio>", "image_token": "<image>"},
    "own-name-object": {"image_token": token("<image>"), "audio_token": marked("<audio>")},
    "bos-eos": {"bos_token": "<s>", "eos_token": "</s>"},
    "marked": {"mask_token": marked("[MASK]", lstrip=True, normalized=True), "cls_token": marked("[CLS]"),
               "unk_token": marked("[UNK]", normalized=True)},
    "renamed": RENAMES, "renamed-marked": {key: marked(name, normalized=True) for key, name in RENAMES.items()},
    "cls-null": {"cls_token": None}, "sep-null": {"sep_token": None}, "both-null": {"cls_token": None, "sep_token": None},
    "pad-null": {"pad_token": None}, "mask-null": {"mask_token": None}, "unk-null": {"unk_token": None},
    "unk-x": {"unk_token": "x"}, "cls-a": {"cls_token": "a", "sep_token": "Good"},
    "decoder-empty": {"added_tokens_decoder": {}}, "decoder-named-only": {"added_tokens_decoder": DECODER},
    "decoder-other-ids": {"added_tokens_decoder": {"900": added("<y>"), "7": added("<x>"), "80": added("<z>")}},
    "decoder-flags": {"added_tokens_decoder": {
        "0": added("[PAD]"), "100": added("<l>", lstrip=True), "101": added("<r>", rstrip=True),
        "102": token("single", single_word=True), "103": token("Extra", normalized=True),
        "104": token("<b>", lstrip=True, rstrip=True)}},
    "decoder-words": {"added_tokens_decoder": {"6": token("film", normalized=True), "8": added("good")}},
    "decoder-defaults": {"added_tokens_decoder": {"60": {"content": "<x>"}, "61": {"content": "<y>", "special": True}}},
    "decoder-list": {"added_tokens_decoder": []}, "decoder-texts": {"added_tokens_decoder": {"60": "<x>"}},
    "split": {"split_special_tokens": True, "additional_special_tokens": ["<x>"]},
    "split-false": {"split_special_tokens": False},
    "left": {"truncation_side": "left", "padding_side": "left"},
    "limit": {"model_max_length": 512}, "limit-huge": {"model_max_length": 1000000000000000019884624838656},
    "limit-old": {"max_len": 128}, "limit-null": {"model_max_length": None},
    "old": {"do_basic_tokenize": True, "never_split": ["film"], "name_or_path": "x", "special_tokens_map_file": None,
            "clean_up_tokenization_spaces": True, "tokenizer_file": "/nowhere", "vocab_file": "/nowhere"},
    "lower-null": {"do_lower_case": None}, "lower-number": {"do_lower_case": 1}, "lower-text": {"do_lower_case": "true"},
    "side-wrong": {"truncation_side": "middle"},
    "versions": {"fast_tokenizer_files": ["tokenizer.json", "tokenizer.4.1.0.json", "tokenizer.9.0.0.json"]},
    "bos-switches": {"add_bos_token": True, "add_eos_token": True, "bos_token": "[CLS]"},
    "words": {"additional_special_tokens": ["film", "New York", "new"]},
    "same": {"cls_token": "[CLS]", "sep_token": "[CLS]", "bos_token": "[CLS]"},
    "accented": {"additional_special_tokens": ["é", "e\u0301"]},
    "numbers": {"additional_special_tokens": [1, 2]},
}
# Values of a wrong type, which have a meaning for Python beside some other files.
WRONG_CONFIGS = {"wrong-extra": {"extra_special_tokens": "<x>"}}

MAPS = {
    "no-map": None,
    "map": NAMED,
    "map-additional": {**NAMED, "additional_special_tokens": E_TOKENS},
}
RARE_MAPS = {
    "map-empty": {}, "map-tokens": {key: token(name) for key, name in NAMED.items()},
    "map-mask": {**NAMED, "mask_token": token("[MASK]", lstrip=True, normalized=True)},
    "map-renamed": RENAMES, "map-renamed-tokens": {key: token(name) for key, name in RENAMES.items()},
    "map-null": {"cls_token": None, "pad_token": None}, "map-cls": {"cls_token": "a"},
    "map-additional-objects": {"additional_special_tokens": [token("<x>")]},
    "map-extra": {"extra_special_tokens": ["<z>", "<y>"]},
    "map-extra-objects": {"extra_special_tokens": [token("<z>", rstrip=True), "<y>"]},
    "map-extra-named": {"extra_special_tokens": {"image_token": "<image>"}},
    "map-own": {"image_token": "<image>", "audio_token": token("<audio>")},
    "map-bos": {"bos_token": "<s>", "eos_token": token("</s>"), "unk_token": "[UNK]"},
    "map-lower": {"do_lower_case": False}, "map-special": {"mask_token": {**token("[MASK]"), "special": True}},
    "map-additional-null": {"additional_special_tokens": None},
}

ADDED = {"no-added": None, "added": {"[E1]": MORE, "[/E1]": MORE + 1}}
RARE_ADDED = {
    "added-empty": {}, "added-order": {"<y>": MORE + 1, "<x>": MORE}, "added-far": {"<x>": 500, "[E1]": 400},
    "added-words": {"film": 6, "New": 70}, "added-named": {**dict(zip(BASE, range(5))), "<x>": MORE},
    "added-wrong": {"<x>": "1"}, "added-spaces": {"new york": MORE},
}

MODELS = {"bert": {"model_type": "bert"}}
RARE_MODELS = {
    "no-model": None, "no-type": {"hidden_size": 8}, "distilbert": {"model_type": "distilbert"},
    "class-in-model": {"model_type": "bert", "tokenizer_class": "BertTokenizerFast"},
    "general-in-model": {"model_type": "bert", "tokenizer_class": "PreTrainedTokenizerFast"},
    "class-only": {"tokenizer_class": "BertTokenizer"}, "unknown": {"model_type": "our-own"},
    "unknown-with-class": {"model_type": "our-own", "tokenizer_class": "BertTokenizer"},
}


def combinations():
    """The names of the kinds of each folder: vocabulary, class, configuration, map, added tokens, model."""
    seen = []
    seen += itertools.product(VOCABULARIES, CLASSES, CONFIGS, MAPS, ADDED, MODELS)
    everything = [{**VOCABULARIES, **RARE_VOCABULARIES}, {**CLASSES, **RARE_CLASSES}, {**CONFIGS, **RARE_CONFIGS},
                  {**MAPS, **RARE_MAPS}, {**ADDED, **RARE_ADDED}, {**MODELS, **RARE_MODELS}]
    single = [*everything[:2], {**everything[2], **WRONG_CONFIGS}, *everything[3:]]
    usual = [["text", "json"], ["no-class", "bert", "general"], ["no-config"], ["no-map"], ["no-added"], ["bert"]]
    # Each kind beside the usual kinds of the other files,
    for index, kinds in enumerate(single):
        for kind in kinds:
            others = [[kind] if other == index else usual[other] for other in range(len(usual))]
            seen += itertools.product(*others)
    # each vocabulary with the usual configurations, and each configuration with the usual vocabularies,
    seen += itertools.product(everything[0], ["bert", "general"], CONFIGS, ["no-map"], ["no-added"], ["bert"])
    seen += itertools.product(VOCABULARIES, ["bert"], everything[2], ["no-map"], ["no-added"], ["bert"])
    # and any with any.
    source = random.Random(1)
    seen += [tuple(source.choice(list(kinds)) for kinds in everything) for _ in range(1200)]
    return single, list(dict.fromkeys(seen))


def write(root):
    everything, chosen = combinations()
    for index, names in enumerate(chosen):
        vocab, tokenizer_class, config, special, tokens, model = (kinds[name] for kinds, name in zip(everything, names))
        files = dict(vocab)
        if config is not None or tokenizer_class:
            files["tokenizer_config.json"] = {**(config or {}), **tokenizer_class}
        for name, content in [("special_tokens_map.json", special), ("added_tokens.json", tokens), ("config.json", model)]:
            if content is not None:
                files[name] = content
        folder = os.path.join(root, f"{index:05}-{'-'.join(names)}")
        os.makedirs(folder)
        for name, content in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
                file.write(content if isinstance(content, str) else json.dumps(content, ensure_ascii=index % 2 == 0))
    with open(os.path.join(root, "texts.json"), "w", encoding="utf-8") as file:
        json.dump({"texts": TEXTS, "pairs": PAIRS}, file)
    describe(root)


def encode(folder):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    if not tokenizer.is_fast:
        raise TypeError("not a tokenizer of tokenizers")
    vocab = tokenizer.backend_tokenizer.get_vocab(with_added_tokens=False)
    # Which one of several tokens with one id is decoded differs from run to run.
    is_decodable = len(set(vocab.values())) == len(vocab)
    ids = [tokenizer(text)["input_ids"] for text in TEXTS]
    pairs = [tokenizer(*pair, return_token_type_ids=True) for pair in PAIRS]
    return {
        "ids": ids, "pairs": [[pair["input_ids"], pair["token_type_ids"]] for pair in pairs],
        "truncated": [tokenizer(text, truncation=True, max_length=5)["input_ids"] for text in TEXTS],
        "decoded": [tokenizer.backend_tokenizer.decode(row) for row in ids] if is_decodable else None,
        "decoded_all": [tokenizer.backend_tokenizer.decode(row, skip_special_tokens=False) for row in ids]
        if is_decodable else None,
        "padding": tokenizer.pad_token_id,
    }


def has_vocabulary(folder):
    """Without a vocabulary, Hugging Face makes one of five special tokens."""
    from transformers.tokenization_utils_base import get_fast_tokenizer_file

    files = set(os.listdir(folder))
    name = "tokenizer.json"
    if "tokenizer_config.json" in files:
        with open(os.path.join(folder, "tokenizer_config.json"), encoding="utf-8") as file:
            name = get_fast_tokenizer_file(json.load(file).get("fast_tokenizer_files", []))
    return not files.isdisjoint([name, "vocab.txt"])


def describe(root):
    with open(os.path.join(root, "expected.jsonl"), "w", encoding="utf-8") as file:
        for name in sorted(os.listdir(root)):
            if not os.path.isdir(os.path.join(root, name)):
                continue
            try:
                if not has_vocabulary(os.path.join(root, name)):
                    raise FileNotFoundError("no vocabulary")
                line = encode(os.path.join(root, name))
            except BaseException as error:  # Rust's panics are not Exceptions
                line = {"error": f"{type(error).__name__}: {error}"[:300]}
            file.write(json.dumps({"folder": name, **line}) + "\n")


def compare(first, second):
    def lines(path):
        with open(path, encoding="utf-8") as file:
            return {line["folder"]: line for line in map(json.loads, file)}

    wanted, got = lines(first), lines(second)
    different = [name for name, line in got.items() if line != wanted.get(name)]
    print(json.dumps({"compared": len(got), "different": different}))


if __name__ == "__main__":
    {"write": write, "describe": describe, "compare": compare}[sys.argv[1]](*sys.argv[2:])
