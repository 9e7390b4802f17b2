/// The tokenizer that `AutoTokenizer` of `transformers` 5.23 creates for a folder.
enum TokenizerClass {
  /// `BertTokenizer`: takes the vocabulary from `tokenizer.json` or `vocab.txt`, and all the rest
  /// from `tokenizer_config.json`, with BERT's defaults.
  case bert
  /// `TokenizersBackend`: takes everything from `tokenizer.json`.
  case file
  /// `ConvBertTokenizer`: as `file`, but with BERT's special tokens; with `vocab.txt`
  /// only, as `bert`.
  case fileWithBertTokens

  /// The version of `transformers` that tokenizers equal.
  static let transformersVersion = [5, 23, 0]

  /// Finds the class.
  ///
  /// - Parameters:
  ///   - configuration: `tokenizer_config.json`, if there is one.
  ///   - model: `config.json`, if there is one.
  ///   - files: The folder, for error messages.
  /// - Throws: ``TokenizerError`` with code `unsupported` for the class of another model.
  init(
    configuration: OrderedJSON.Object?, model: OrderedJSON.Object?, files: TokenizerFiles
  ) throws(TokenizerError) {
    let name = configuration?["tokenizer_class"]?.text ?? model?["tokenizer_class"]?.text
    let modelType = model?["model_type"]?.text ?? ""
    guard let name, !name.isEmpty else {
      // Without config.json, a vocab.txt is BERT's, because no other model has one.
      let isBert =
        Self.bertModels.contains(modelType) || model == nil && files[.tokenizer] == nil
      self = isBert ? .bert : .file
      return
    }
    let base = name.hasSuffix("Fast") ? String(name.dropLast("Fast".count)) : name
    let prefix = base.hasSuffix("Tokenizer") ? String(base.dropLast("Tokenizer".count)) : base
    if base == "BertTokenizerLegacy" || prefix != base && Self.others.contains(prefix) {
      throw TokenizerError(
        .unsupported,
        "\(files.folder) names the tokenizer class \(name), but only the tokenizers of BERT are "
          + "supported: pass the folder of a BERT model")
    }
    // Models that take no class but their own.
    if ["modernbert", "modernbert-decoder", "nystromformer"].contains(modelType) {
      self = .file
    } else if base == "ConvBertTokenizer" {
      self = .fileWithBertTokens
    } else {
      self = Self.bertClasses.contains(base) ? .bert : .file
    }
  }

  /// The classes that are `BertTokenizer` or equal it.
  private static let bertClasses: Set = [
    "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "LayoutLMTokenizer",
    "LxmertTokenizer", "MobileBertTokenizer", "SqueezeBertTokenizer",
  ]

  /// The model types whose tokenizer is `BertTokenizer` if no file names another.
  private static let bertModels: Set = [
    "align", "bark", "bert", "blip", "bros", "chinese_clip", "convbert", "distilbert", "electra",
    "ernie", "flava", "git", "grounding-dino", "layoutlm", "lxmert", "megatron-bert",
    "mm-grounding-dino", "mobilebert", "nezha", "nomic_bert", "qdqbert", "realm", "retribert",
    "squeezebert", "tvp", "vilt", "visual_bert",
  ]

  /// The tokenizers of other models in `transformers`, without the suffix `Tokenizer`.
  ///
  /// An unknown class, such as one of the user's own, is not among them: `AutoTokenizer` then takes
  /// `tokenizer.json` as it is.
  private static let others: Set = [
    "Albert", "Auto", "Bart", "Barthez", "Bartpho", "Basic", "BertGeneration", "BertJapanese",
    "Bertweet", "BigBird", "BioGpt", "Blenderbot", "BlenderbotSmall", "ByT5", "CLIP", "CTRL",
    "Camembert", "Canine", "Character", "Clvp", "CodeGen", "CodeLlama", "Cohere", "Cpm",
    "CpmAnt", "DPRContextEncoder", "DPRQuestionEncoder", "DPRReader", "Deberta", "DebertaV2", "Dia",
    "Esm", "Esmc", "FNet", "FSMT",
    "FastSpeech2Conformer", "Flaubert", "Funnel", "GPT2", "GPTNeoX", "GPTNeoXJapanese",
    "GPTSw3", "Gemma", "Herbert", "LED", "Lasr", "LayoutLMv2", "LayoutLMv3", "LayoutXLM",
    "Llama", "Luke", "M2M100", "MBart", "MBart50", "MLuke", "MPNet", "Marian", "MarkupLM",
    "Mecab", "Mgpstr", "Mvp", "MyT5", "Nllb", "Nougat", "OpenAIGPT", "PLBart", "Parakeet",
    "Pegasus", "Perceiver", "Phobert", "Pop2Piano", "ProphetNet", "Qwen2", "Qwen3_5", "Rag",
    "Reformer", "RemBert", "RoCBert", "RoFormer", "Roberta", "SeamlessM4T", "Siglip", "Siglip2",
    "Speech2Text", "SpeechT5", "Splinter", "T5", "Tapas", "Tipsv2", "Udop", "VideoPrism",
    "Vits", "Wav2Vec2CTC", "Wav2Vec2PhonemeCTC", "Whisper", "Wordpiece", "XGLM", "XLM",
    "XLMRoberta", "XLNet",
  ]
}
