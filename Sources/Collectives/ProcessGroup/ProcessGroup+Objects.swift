internal import FoundationEssentials

// Objects are sent as JSON, so all ranks have to run the same version of the program. Each call
// runs two collectives: one for the sizes and one for the bytes.
extension ProcessGroup {
  /// Returns the value of `root` on every rank; values of other ranks are ignored and may be `nil`.
  ///
  /// - Throws: ``CollectiveError``, with code `invalidArgument` when the value cannot be encoded or
  ///   the root passes `nil`. The root notifies the other ranks before it throws.
  public func broadcastObject<Value: Codable>(
    _ value: Value?, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> Value {
    let mine = rank == root ? encoded(value) : EncodedObject()
    return try mine.decoded(
      broadcast(mine.bytes, from: root, file: file, line: line), from: root, at: rank)
  }

  /// Returns the values of all ranks on every rank, in rank order.
  public func allGatherObjects<Value: Codable>(
    _ value: Value, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> [Value] {
    let mine = encoded(value)
    return try decoded(allGather(mine.bytes, file: file, line: line), mine)
  }

  /// Returns the values of all ranks on `root`, in rank order; an empty array on other ranks.
  public func gatherObjects<Value: Codable>(
    _ value: Value, to root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> [Value] {
    let mine = encoded(value)
    let counts = CollectiveMemory(Int.self, count: worldSize)
    let count = CollectiveMemory([mine.bytes.count])
    try allGather(count.buffer, into: counts.buffer, file: file, line: line)
    let input = CollectiveMemory(mine.bytes)
    let outputs = counts.values.map { CollectiveMemory(UInt8.self, count: rank == root ? $0 : 0) }
    let empty = CollectiveMemory<UInt8>([])
    // An all-to-all in which all ranks send to the root only, because sizes differ.
    var inputs = Array(repeating: empty.buffer, count: worldSize)
    inputs[root] = input.buffer
    try allToAll(inputs, into: outputs.map(\.buffer), file: file, line: line)
    return rank == root ? try decoded(outputs.map(\.values), mine) : []
  }

  /// Returns `values[r]` of `root` on rank r; other ranks pass `nil`.
  public func scatterObject<Value: Codable>(
    _ values: [Value]?, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> Value {
    let fits = values?.count == worldSize
    let objects = (0..<worldSize).map { peer in
      rank == root ? encoded(fits ? values?[peer] : nil) : EncodedObject()
    }
    let counts = CollectiveMemory(objects.map(\.bytes.count))
    try broadcast(counts.buffer, from: root, file: file, line: line)
    let inputs = objects.map { CollectiveMemory($0.bytes) }
    let empty = CollectiveMemory<UInt8>([])
    var outputs = Array(repeating: empty.buffer, count: worldSize)
    let output = CollectiveMemory(UInt8.self, count: counts.values[rank])
    outputs[root] = output.buffer
    try allToAll(inputs.map(\.buffer), into: outputs, file: file, line: line)
    return try objects[rank].decoded(output.values, from: root, at: rank)
  }

  /// Sends a value to another rank, which calls ``receiveObject(_:from:tag:file:line:)``.
  public func sendObject<Value: Codable>(
    _ value: Value, to peer: Int, tag: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    let mine = encoded(value)
    if let failure = mine.failure { throw failure }
    let count = CollectiveMemory([mine.bytes.count])
    let bytes = CollectiveMemory(mine.bytes)
    try exchange(
      [.send(count.buffer, to: peer, tag: tag), .send(bytes.buffer, to: peer, tag: tag)],
      file: file, line: line)
  }

  /// Receives a value from another rank.
  public func receiveObject<Value: Codable>(
    _: Value.Type, from peer: Int, tag: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> Value {
    let count = CollectiveMemory([0])
    try receive(count.buffer, from: peer, tag: tag, file: file, line: line)
    let bytes = CollectiveMemory(UInt8.self, count: count.values[0])
    try receive(bytes.buffer, from: peer, tag: tag, file: file, line: line)
    return try EncodedObject().decoded(bytes.values, from: peer, at: rank)
  }

  private func encoded<Value: Codable>(_ value: Value?) -> EncodedObject {
    guard let value else {
      return EncodedObject(
        failure: CollectiveError(
          .invalidArgument, "the root has to pass a value for each rank that receives one",
          rank: rank))
    }
    do {
      return EncodedObject(bytes: Array(try JSONEncoder.forObjects.encode(value)))
    } catch {
      return EncodedObject(
        failure: CollectiveError(
          .invalidArgument, "cannot encode \(Value.self): \(error)", rank: rank, cause: error))
    }
  }

  private func decoded<Value: Codable>(_ all: [[UInt8]], _ mine: EncodedObject)
    throws(CollectiveError)
    -> [Value]
  {
    var values: [Value] = []
    for (peer, bytes) in all.enumerated() {
      values.append(try mine.decoded(bytes, from: peer, at: rank))
    }
    return values
  }
}

/// An encoded value; without bytes, it notifies the peers that the encoding failed.
private struct EncodedObject: Sendable {
  var bytes: [UInt8] = []
  var failure: CollectiveError?

  func decoded<Value: Codable>(_ bytes: [UInt8], from peer: Int, at rank: Int)
    throws(CollectiveError) -> Value
  {
    if let failure { throw failure }
    guard !bytes.isEmpty else {
      throw CollectiveError(.failed, "rank \(peer) could not encode its \(Value.self)", rank: rank)
    }
    do {
      return try JSONDecoder.forObjects.decode(Value.self, from: Data(bytes))
    } catch {
      throw CollectiveError(
        .mismatch, "cannot decode the value of rank \(peer) as \(Value.self): \(error)", rank: rank,
        cause: error)
    }
  }
}

extension JSONEncoder {
  /// Encodes NaN and infinities, too.
  fileprivate static var forObjects: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  fileprivate static var forObjects: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
