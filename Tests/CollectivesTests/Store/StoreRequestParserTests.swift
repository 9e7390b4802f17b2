import Collectives
import Testing

/// Parsing of every request, in pieces of any size, and of invalid bytes.
struct StoreRequestParserTests {
  static let requests: [StoreRequest] = [
    .validate(magic: StoreWire.magic),
    .set(key: [1], value: [2, 3]),
    .set(key: [], value: []),
    .compareSet(key: [0xFF, 0], expected: [], desired: [9]),
    .get(key: Array("/k".utf8)),
    .add(key: [5], amount: .min),
    .check(keys: [[1], [], [2, 2]]),
    .check(keys: []),
    .wait(keys: [[UInt8](repeating: 1, count: StoreLimits.keyBytes)]),
    .keyCount,
    .deleteKey(key: [8]),
    .append(key: [1], value: [UInt8](repeating: 4, count: 10_000)),
    .multiGet(keys: [[3], [4]]),
    .multiSet(keys: [[1], [2]], values: [[], [7, 7]]),
    .multiSet(keys: [], values: []),
    .cancelWait,
    .ping(nonce: .max),
    .queuePush(key: [1], value: [1]),
    .queuePop(key: [2]),
    .queueLength(key: [3]),
    .listKeys,
    .barrier(key: [1, 2], worldSize: 1 << 40),
  ]

  @Test func everyOperationIsCovered() {
    let operations = Set(Self.requests.compactMap { $0.encoded.first })
    #expect(operations == Set(StoreOperation.allCases.map(\.rawValue)))
  }

  @Test func theEncodingIsPyTorchs() {
    let set = StoreRequest.set(key: Array("/k".utf8), value: Array("v".utf8)).encoded
    #expect(set == [1, 2, 0, 0, 0, 0, 0, 0, 0, 0x2F, 0x6B, 1, 0, 0, 0, 0, 0, 0, 0, 0x76])
    #expect(StoreRequest.validate(magic: StoreWire.magic).encoded == [0, 0xCE, 0xF7, 0x85, 0x3C])
    #expect(
      StoreRequest.add(key: [], amount: -2).encoded.suffix(8) == [254]
        + Array(repeating: 255, count: 7))
  }

  @Test func singleBytesGiveTheSameRequests() throws {
    var parser = StoreRequestParser()
    var parsed: [StoreRequest] = []
    for byte in Self.requests.flatMap(\.encoded) {
      parser.append([byte])
      while let request = try parser.next() { parsed.append(request) }
    }
    #expect(parsed == Self.requests)
  }

  @Test(arguments: 0..<20)
  func randomPiecesGiveTheSameRequests(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let requests = (0..<200).flatMap { _ in Self.requests.shuffled(using: &random).prefix(3) }
    var rest = requests.flatMap(\.encoded)[...]
    var parser = StoreRequestParser()
    var parsed: [StoreRequest] = []
    while !rest.isEmpty {
      let count = min(rest.count, Int.random(in: 1...5000, using: &random))
      parser.append(rest.prefix(count))
      rest = rest.dropFirst(count)
      while let request = try parser.next() { parsed.append(request) }
    }
    #expect(parsed == requests)
  }

  @Test func theLargestValueFits() throws {
    let value = [UInt8](repeating: 1, count: StoreLimits.valueBytes)
    var parser = StoreRequestParser()
    parser.append(StoreRequest.set(key: [1], value: value).encoded)
    #expect(try parser.next() == .set(key: [1], value: value))
  }

  @Test(
    arguments: [
      [19], [255], [3] + length(StoreLimits.keyBytes + 1), [1] + length(0) + length(8 << 20 | 1),
      [6] + length(StoreLimits.keysPerRequest + 1), [10] + length(-1), [3] + length(-1),
    ] as [[UInt8]])
  func anExcessiveLengthIsRejectedBeforeItsBytesArrive(_ bytes: [UInt8]) {
    var parser = StoreRequestParser()
    parser.append(bytes)
    #expect(throws: StoreViolation.self) { try parser.next() }
  }

  @Test func validPartsMayNotExceedTheMessageLimitTogether() {
    let value = [UInt8](repeating: 0, count: StoreLimits.valueBytes)
    let count = StoreLimits.messageBytes / StoreLimits.valueBytes + 1
    var parser = StoreRequestParser()
    parser.append([11] + length(count))
    #expect(throws: StoreViolation.self) {
      for _ in 0..<count {
        parser.append(length(0) + length(value.count) + value)
        _ = try parser.next()
      }
    }
  }

  @Test(arguments: 0..<200)
  func randomBytesAreParsedOrRejected(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var parser = StoreRequestParser()
    var parsed = 0
    do throws(StoreViolation) {
      for _ in 0..<200 {
        // Small values give plausible lengths and operations.
        parser.append(
          (0..<20).map { _ in UInt8.random(in: 0...(seed % 2 == 0 ? 255 : 3), using: &random) })
        while try parser.next() != nil { parsed += 1 }
      }
    } catch {
      #expect(!error.reason.isEmpty)
    }
    #expect(parsed <= 4000)
  }
}

/// The encoding of a length.
func length(_ number: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.appendNumber(UInt64(bitPattern: Int64(number)))
  return bytes
}

/// A reproducible random number generator (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
