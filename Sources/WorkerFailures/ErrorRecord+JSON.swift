import FoundationEssentials

extension ErrorRecord {
  /// The record as torchelastic's JSON text.
  package var json: [UInt8] {
    var extraInfo: [String: JSONValue] = [:]
    extraInfo["py_callstack"] = callStack.map(JSONValue.string)
    let seconds = (time ?? Date()).timeIntervalSince1970
    extraInfo["timestamp"] = .string(String(Int64(seconds)))  // required by torchelastic's reader

    var body: [String: JSONValue] = ["message": .string(message), "extraInfo": .object(extraInfo)]
    body["errorCode"] = errorCode.map { .number(Double($0)) }
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return [UInt8](try encoder.encode(JSONValue.object(["message": .object(body)])))
    } catch {
      preconditionFailure("an error record of strings could not be encoded: \(error)")
    }
  }

  /// Reads torchelastic's JSON text and whatever is near it.
  ///
  /// A plain string as `message` (torchelastic's newer form), numbers in place of strings and
  /// missing fields are accepted. Text that is not such JSON becomes the message as it stands,
  /// because half an explanation is better than none.
  package init(json: [UInt8]) {
    let text = String(decoding: json, as: UTF8.self)
    let decoded = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    guard case .object(let file) = decoded, let message = file["message"] else {
      self.init(message: text, time: nil)
      return
    }
    let body = message.object ?? file
    let extraInfo = body["extraInfo"]?.object ?? [:]
    let timestamp = extraInfo["timestamp"] ?? file["timestamp"]
    self.init(
      message: body["message"]?.text ?? text,
      callStack: extraInfo["py_callstack"]?.text,
      time: timestamp?.number.map { Date(timeIntervalSince1970: $0) },
      errorCode: body["errorCode"]?.number.flatMap { Int32(exactly: $0) })
  }
}

/// Any JSON value; enough of one to read a file whose fields may be missing or of another type.
private enum JSONValue: Codable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  var object: [String: JSONValue]? {
    if case .object(let value) = self { value } else { nil }
  }

  var text: String? {
    if case .string(let value) = self { value } else { nil }
  }

  var number: Double? {
    switch self {
    case .number(let value): value
    case .string(let value): Double(value)
    default: nil
    }
  }
}
