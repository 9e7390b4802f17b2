internal import FoundationEssentials

// Values that are no numbers travel as JSON: `Codable` on all ranks, of one version of the program. Counts
// and bytes are two collectives each.
extension ProcessGroup {
  /// The value of `root`, on every rank; the others' do not matter and may be `nil`.
  ///
  /// - Throws: ``CollectiveError``; with code `invalidArgument` when the value cannot be encoded, or
  ///   the root has none. The root tells its failure to the others before it throws.
  public func broadcastObject<Value: Codable>(
    _ value: Value?, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> Value {
    let mine = rank == root ? encoded(value) : Parcel()
    return try mine.opened(
      broadcast(mine.bytes, from: root, file: file, line: line), from: root, at: rank)
  }

  /// Every rank's value, on every rank, in the order of the ranks.
  public func allGatherObjects<Value: Codable>(
    _ value: Value, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> [Value] {
    let mine = encoded(value)
    return try open(allGather(mine.bytes, file: file, line: line), mine)
  }

  /// Every rank's value on `root`, in the order of the ranks; empty on the others.
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
    // Lengths differ, so that this is an all-to-all in which all send to the root alone.
    var inputs = Array(repeating: empty.buffer, count: worldSize)
    inputs[root] = input.buffer
    try allToAll(inputs, into: outputs.map(\.buffer), file: file, line: line)
    return rank == root ? try open(outputs.map(\.values), mine) : []
  }

  /// Value r of `root`, on rank r; the others pass `nil`.
  public func scatterObject<Value: Codable>(
    _ values: [Value]?, from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> Value {
    let fits = values?.count == worldSize
    let parcels = (0..<worldSize).map { peer in
      rank == root ? encoded(fits ? values?[peer] : nil) : Parcel()
    }
    let counts = CollectiveMemory(parcels.map(\.bytes.count))
    try broadcast(counts.buffer, from: root, file: file, line: line)
    let inputs = parcels.map { CollectiveMemory($0.bytes) }
    let empty = CollectiveMemory<UInt8>([])
    var outputs = Array(repeating: empty.buffer, count: worldSize)
    let output = CollectiveMemory(UInt8.self, count: counts.values[rank])
    outputs[root] = output.buffer
    try allToAll(inputs.map(\.buffer), into: outputs, file: file, line: line)
    return try parcels[rank].opened(output.values, from: root, at: rank)
  }

  /// Sends a value to another rank, which calls ``receiveObject(_:from:tag:file:line:)``.
  public func sendObject<Value: Codable>(
    _ value: Value, to peer: Int, tag: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) {
    let mine = encoded(value)
    if let failure = mine.failure { throw failure }
    let (count, bytes) = (CollectiveMemory([mine.bytes.count]), CollectiveMemory(mine.bytes))
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
    return try Parcel().opened(bytes.values, from: peer, at: rank)
  }

  private func encoded<Value: Codable>(_ value: Value?) -> Parcel {
    guard let value else {
      return Parcel(
        failure: CollectiveError(
          .invalidArgument, "the root has to give a value for each rank that takes one", rank: rank)
      )
    }
    do {
      return Parcel(bytes: Array(try JSONEncoder.ofParcels.encode(value)))
    } catch {
      return Parcel(
        failure: CollectiveError(
          .invalidArgument, "cannot encode \(Value.self): \(error)", rank: rank, cause: error))
    }
  }

  private func open<Value: Codable>(_ all: [[UInt8]], _ mine: Parcel) throws(CollectiveError)
    -> [Value]
  {
    var values: [Value] = []
    for (peer, bytes) in all.enumerated() {
      values.append(try mine.opened(bytes, from: peer, at: rank))
    }
    return values
  }
}

/// An encoded value; no bytes at all where the encoding failed, so that the peers hear of it.
private struct Parcel: Sendable {
  var bytes: [UInt8] = []
  var failure: CollectiveError?

  func opened<Value: Codable>(_ bytes: [UInt8], from peer: Int, at rank: Int)
    throws(CollectiveError) -> Value
  {
    if let failure { throw failure }
    guard !bytes.isEmpty else {
      throw CollectiveError(.failed, "rank \(peer) could not encode its \(Value.self)", rank: rank)
    }
    do {
      return try JSONDecoder.ofParcels.decode(Value.self, from: Data(bytes))
    } catch {
      throw CollectiveError(
        .mismatch, "what rank \(peer) sent is no \(Value.self): \(error)", rank: rank, cause: error)
    }
  }
}

extension JSONEncoder {
  /// Takes every floating-point number.
  fileprivate static var ofParcels: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  fileprivate static var ofParcels: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
