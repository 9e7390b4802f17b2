import Foundation

/// Folders of tokenizers with the ids that `AutoTokenizer` of `transformers` 5.23 gives for
/// ``GoldenFolders/text``.
///
/// Each folder has a `config.json` of a BERT unless it contains one.
enum GoldenFolders {
  static let text = "The <x>Film</x> was Café! <X>films 中文 [MASK]"

  private static let tokens = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film", "Film", "was", "##s", "café",
    "cafe",
    "!", "中", "文",
  ]
  private static let vocabulary = tokens.joined(separator: "\n") + "\n"

  /// A `tokenizer.json` of a cased BERT.
  private static func json(
    added: String = "", cased: Bool = true, hasPostProcessor: Bool = true, more: String = ""
  ) -> String {
    let entries = tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
    let processor = #"{"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}"#
    return """
      {"version": "1.0", "added_tokens": [\(added)],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
        "strip_accents": null, "lowercase": \(!cased)},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": \(hasPostProcessor ? processor : "null"),
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": {\(entries)\(more)}}}
      """
  }

  private static let otherIDs = """
    {"id": 99, "content": "</x>", "single_word": false, "lstrip": false, "rstrip": false,
     "normalized": false, "special": true},
    {"id": 15, "content": "<x>", "single_word": false, "lstrip": false, "rstrip": false,
     "normalized": true, "special": false}
    """

  private static let oneToken = """
    {"id": 20, "content": "<x>", "single_word": false, "lstrip": false, "rstrip": false,
     "normalized": false, "special": true}
    """

  static let all: [(name: String, files: [String: String], ids: [Int32])] = [
    (
      "vocabulary only",
      ["vocab.txt": vocabulary],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "cased by configuration",
      ["vocab.txt": vocabulary, "tokenizer_config.json": #"{"do_lower_case": false}"#],
      [2, 1, 1, 1, 1, 7, 1, 1, 1, 1, 8, 1, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "accents retained",
      ["vocab.txt": vocabulary, "tokenizer_config.json": #"{"strip_accents": false}"#],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 10, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "accents stripped, cased",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json": #"{"strip_accents": true, "do_lower_case": false}"#,
      ],
      [2, 1, 1, 1, 1, 7, 1, 1, 1, 1, 8, 1, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "Chinese characters joined",
      [
        "vocab.txt": vocabulary + "中文\n",
        "tokenizer_config.json": #"{"tokenize_chinese_chars": false}"#,
      ],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 15, 4, 3]
    ),
    (
      "additional tokens of the map",
      [
        "vocab.txt": vocabulary,
        "special_tokens_map.json": #"{"additional_special_tokens": ["</x>", "<x>"]}"#,
      ],
      [2, 5, 16, 6, 15, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "additional tokens of the configuration",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json":
          #"{"additional_special_tokens": ["<x>", "</x>"], "do_lower_case": false}"#,
      ],
      [2, 1, 15, 7, 16, 8, 1, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "extra tokens with names",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json":
          #"{"extra_special_tokens": {"end_token": "</x>", "start_token": "<x>"}}"#,
      ],
      [2, 5, 16, 6, 15, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "tokens with names of their own",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json": #"{"start_token": "<x>", "end_token": "</x>"}"#,
      ],
      [2, 5, 15, 6, 16, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "map and configuration",
      [
        "vocab.txt": vocabulary, "tokenizer_config.json": #"{"extra_special_tokens": ["<x>"]}"#,
        "special_tokens_map.json": #"{"extra_special_tokens": ["<X>", "<x>"]}"#,
      ],
      [2, 5, 15, 6, 1, 1, 1, 1, 8, 11, 12, 16, 6, 9, 13, 14, 4, 3]
    ),
    (
      "added tokens in the order of ids",
      ["vocab.txt": vocabulary, "added_tokens.json": #"{"</x>": 16, "<x>": 15}"#],
      [2, 5, 15, 6, 16, 8, 11, 12, 15, 6, 9, 13, 14, 4, 3]
    ),
    (
      "added tokens that are special",
      [
        "vocab.txt": vocabulary, "added_tokens.json": #"{"<x>": 30, "</x>": 31}"#,
        "tokenizer_config.json": #"{"extra_special_tokens": ["<x>"]}"#,
      ],
      [2, 5, 15, 6, 16, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "added_tokens_decoder hides the other files",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json":
          #"{"added_tokens_decoder": {"15": {"content": "</x>", "special": true}}}"#,
        "added_tokens.json": #"{"<x>": 15}"#,
        "special_tokens_map.json": #"{"additional_special_tokens": ["<X>"]}"#,
      ],
      [2, 5, 1, 1, 1, 6, 15, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "token that strips white space",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json":
          """
        {"added_tokens_decoder": {
          "4": {"content": "[MASK]", "special": true, "lstrip": true},
          "15": {"content": "was", "single_word": true, "special": false, "normalized": true}}}
        """,
      ],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "renamed tokens",
      [
        "vocab.txt": (["<pad>", "<unk>", "<s>", "</s>"] + tokens[5...]).joined(separator: "\n"),
        "special_tokens_map.json":
          """
        {"pad_token": "<pad>", "cls_token": "<s>", "sep_token": "</s>",
         "unk_token": {"content": "<unk>", "lstrip": false, "rstrip": false, "normalized": true,
          "single_word": false}}
        """,
      ],
      [2, 4, 1, 1, 1, 5, 1, 1, 1, 1, 7, 10, 11, 1, 1, 1, 5, 8, 12, 13, 14, 3]
    ),
    (
      "vocabulary without [CLS] and [SEP]",
      ["vocab.txt": (tokens[..<2] + tokens[5...]).joined(separator: "\n")],
      [13, 2, 1, 1, 1, 3, 1, 1, 1, 1, 5, 8, 9, 1, 1, 1, 3, 6, 10, 11, 14, 12]
    ),
    (
      "null instead of [CLS]",
      ["vocab.txt": vocabulary, "tokenizer_config.json": #"{"cls_token": null}"#],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "null in the map",
      [
        "vocab.txt": vocabulary,
        "special_tokens_map.json": #"{"mask_token": null, "cls_token": "the"}"#,
      ],
      [5, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 1, 1, 1, 3]
    ),
    (
      "duplicate lines",
      [
        "vocab.txt": vocabulary + "film\n[CLS]\n",
        "special_tokens_map.json": #"{"additional_special_tokens": ["<x>"]}"#,
      ],
      [16, 5, 15, 15, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 15, 9, 13, 14, 4, 3]
    ),
    (
      "blank lines",
      [
        "vocab.txt": vocabulary + "\n\n",
        "special_tokens_map.json": #"{"additional_special_tokens": ["<x>"]}"#,
      ],
      [2, 5, 16, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "file of the cased model, class of BERT",
      [
        "tokenizer.json": json(),
        "tokenizer_config.json": #"{"tokenizer_class": "BertTokenizerFast"}"#,
      ],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
    (
      "file as it is",
      [
        "tokenizer.json": json(),
        "tokenizer_config.json": #"{"tokenizer_class": "PreTrainedTokenizerFast"}"#,
      ],
      [2, 1, 1, 1, 1, 7, 1, 1, 1, 1, 8, 1, 12, 1, 1, 1, 6, 9, 13, 14, 1, 1, 1, 3]
    ),
    (
      "file as it is, without post-processor",
      [
        "tokenizer.json": json(cased: false, hasPostProcessor: false),
        "tokenizer_config.json": #"{"tokenizer_class": "MyTokenizer"}"#,
      ],
      [5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 1, 1, 1]
    ),
    (
      "file with other ids",
      ["tokenizer.json": json(added: otherIDs, cased: false)],
      [2, 5, 15, 6, 16, 8, 11, 12, 15, 6, 9, 13, 14, 4, 3]
    ),
    (
      "file with other ids, as it is",
      [
        "tokenizer.json": json(added: otherIDs, cased: false),
        "tokenizer_config.json": #"{"tokenizer_class": "PreTrainedTokenizerFast"}"#,
      ],
      [2, 5, 16, 6, 15, 8, 11, 12, 16, 6, 9, 13, 14, 1, 1, 1, 3]
    ),
    (
      "vocabulary with gaps",
      ["tokenizer.json": json(added: oneToken, cased: false, more: #", "films": 40"#)],
      [2, 5, 16, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 40, 13, 14, 4, 3]
    ),
    (
      "equal ids",
      ["tokenizer.json": json(cased: false, more: #", "films": 8"#)],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 8, 13, 14, 4, 3]
    ),
    (
      "split special tokens",
      [
        "vocab.txt": vocabulary,
        "tokenizer_config.json":
          #"{"split_special_tokens": true, "additional_special_tokens": ["<x>"]}"#,
      ],
      [2, 5, 1, 1, 1, 6, 1, 1, 1, 1, 8, 11, 12, 1, 1, 1, 6, 9, 13, 14, 1, 1, 1, 3]
    ),
    (
      "class in the model's configuration",
      [
        "config.json": #"{"model_type": "bert", "tokenizer_class": "PreTrainedTokenizerFast"}"#,
        "tokenizer.json": json(),
      ],
      [2, 1, 1, 1, 1, 7, 1, 1, 1, 1, 8, 1, 12, 1, 1, 1, 6, 9, 13, 14, 1, 1, 1, 3]
    ),
    (
      "ConvBert",
      [
        "tokenizer.json": json(hasPostProcessor: false),
        "tokenizer_config.json": #"{"tokenizer_class": "ConvBertTokenizer"}"#,
      ],
      [2, 1, 1, 1, 1, 7, 1, 1, 1, 1, 8, 1, 12, 1, 1, 1, 6, 9, 13, 14, 4, 3]
    ),
  ]
}
