/// Where the special tokens go around a text or a pair: `TemplateProcessing` of `tokenizers`.
struct EncodingTemplate: Sendable {
  /// A part of an encoding.
  enum Piece: Sendable {
    /// The first or the second text.
    case text(isSecond: Bool, typeID: Int32)
    /// Special tokens.
    case special(ids: [Int32], typeID: Int32)
  }

  var single: [Piece]
  var pair: [Piece]

  /// `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with the type id 1 for the second text.
  static func bert(classifierID: Int32, separatorID: Int32) -> EncodingTemplate {
    let single: [Piece] = [
      .special(ids: [classifierID], typeID: 0), .text(isSecond: false, typeID: 0),
      .special(ids: [separatorID], typeID: 0),
    ]
    return EncodingTemplate(
      single: single,
      pair: single + [
        .text(isSecond: true, typeID: 1), .special(ids: [separatorID], typeID: 1),
      ])
  }

  /// The texts without special tokens.
  static let plain = EncodingTemplate(
    single: [.text(isSecond: false, typeID: 0)],
    pair: [.text(isSecond: false, typeID: 0), .text(isSecond: true, typeID: 1)])

  /// The number of special tokens of a text or a pair.
  func specialTokenCount(pair isPair: Bool) -> Int {
    (isPair ? pair : single).reduce(0) { count, piece in
      if case .special(let ids, _) = piece { count + ids.count } else { count }
    }
  }

  /// The ids of the special tokens of a text, in order.
  var specialIDs: [Int32] {
    single.flatMap { piece in
      if case .special(let ids, _) = piece { ids } else { [Int32]() }
    }
  }
}

/// The post-processor of a `tokenizer.json`.
struct PostProcessorJSON: Decodable {
  let template: EncodingTemplate

  private enum Key: String, CodingKey {
    case type, single, pair, cls, sep
    case specialTokens = "special_tokens"
  }

  private struct Piece: Decodable {
    struct Content: Decodable {
      var id: String
      var type_id: Int32
    }
    var SpecialToken: Content?
    var Sequence: Content?
  }

  private struct SpecialToken: Decodable { var ids: [Int32] }

  /// A token and its id, in an array.
  private struct Token: Decodable {
    var id: Int32

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      _ = try container.decode(String.self)
      id = try container.decode(Int32.self)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try container.decode(String.self, forKey: .type)
    switch type {
    case "BertProcessing":
      template = .bert(
        classifierID: try container.decode(Token.self, forKey: .cls).id,
        separatorID: try container.decode(Token.self, forKey: .sep).id)
    case "TemplateProcessing":
      let tokens = try container.decode([String: SpecialToken].self, forKey: .specialTokens)
      func pieces(_ key: Key) throws -> [EncodingTemplate.Piece] {
        try container.decode([Piece].self, forKey: key).map { piece in
          if let text = piece.Sequence {
            return .text(isSecond: text.id == "B", typeID: text.type_id)
          }
          guard let special = piece.SpecialToken, let ids = tokens[special.id]?.ids else {
            throw DecodingError.dataCorruptedError(
              forKey: key, in: container,
              debugDescription: "special_tokens lacks \(piece.SpecialToken?.id ?? "a token")")
          }
          return .special(ids: ids, typeID: special.type_id)
        }
      }
      template = EncodingTemplate(single: try pieces(.single), pair: try pieces(.pair))
    default:
      throw TokenizerJSON.unsupported(
        "post_processor", type, ["TemplateProcessing", "BertProcessing"])
    }
  }
}
