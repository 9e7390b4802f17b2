internal import FoundationEssentials
internal import Support

extension ErrorRecord {
  /// The record as torchelastic's JSON text.
  package var json: [UInt8] {
    var extraInfo: [String: JSONValue] = [:]
    extraInfo["py_callstack"] = callStack.map(JSONValue.string)
    let seconds = (time ?? Date()).timeIntervalSince1970
    extraInfo["timestamp"] = .string(String(Int64(seconds)))  // required by torchelastic's reader

    var body: [String: JSONValue] = ["message": .string(message), "extraInfo": .object(extraInfo)]
    body["errorCode"] = errorCode.map { .integer(Int64($0)) }
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      var file: [String: JSONValue] = ["message": .object(body)]
      if let blamedRanks {
        let ranks = blamedRanks.map { JSONValue.integer(Int64($0)) }
        file["lockstep"] = .object(["blamedRanks": .array(ranks)])
      }
      return [UInt8](try encoder.encode(JSONValue.object(file)))
    } catch {
      preconditionFailure("an error record of strings could not be encoded: \(error)")
    }
  }

  /// Reads torchelastic's JSON text, and variants of it.
  ///
  /// Accepts a string as `message` (torchelastic's newer form), numbers in place of strings, and
  /// missing fields. Other text becomes the message unchanged.
  package init(json: [UInt8]) {
    let text = String(decoding: json, as: UTF8.self)
    let decoded = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    guard case .object(let file) = decoded, let message = file["message"] else {
      self.init(message: text, time: nil)
      return
    }
    let body = message.members ?? file
    let extraInfo = body["extraInfo"]?.members ?? [:]
    let timestamp = extraInfo["timestamp"] ?? file["timestamp"]
    self.init(
      message: body["message"]?.text ?? text,
      callStack: extraInfo["py_callstack"]?.text,
      time: timestamp?.double.map { Date(timeIntervalSince1970: $0) },
      errorCode: body["errorCode"]?.double.flatMap { Int32(exactly: $0) },
      blamedRanks: Self.blamedRanks(file["lockstep"]?.members?["blamedRanks"]))
  }

  private static func blamedRanks(_ value: JSONValue?) -> [Int]? {
    guard case .array(let ranks)? = value else { return nil }
    return ranks.compactMap { $0.double.flatMap { Int(exactly: $0) } }
  }
}
