import DataLoading
import Foundation
import Glibc
import Synchronization
import Testing

@Suite struct CachedDatasetTests {
  private let folder =
    "/tmp/lockstep-cache-\(getpid())-\(UInt64.random(in: 0 ... .max))"

  private func key(_ parameters: String...) -> ContentKey {
    var key = ContentKey()
    for parameter in parameters { key.add(parameter) }
    return key
  }

  private func remove() {
    for suffix in [".rows", ".rows.lock"] { unlink("\(folder)/\(key("a"))\(suffix)") }
    rmdir(folder)
  }

  private final class Count: Sendable {
    let value = Atomic(0)
    func add() { value.add(1, ordering: .relaxed) }
    var current: Int { value.load(ordering: .relaxed) }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1000])
  func secondCallReadsTheCache(count: Int) throws {
    defer { remove() }
    let numbers = InMemoryDataset(Array(0..<count))
    let transformed = Count()
    for _ in 0..<2 {
      let rows = try numbers.map(cachedIn: folder, key: key("a")) { number in
        transformed.add()
        return LabeledTokens(ids: Array(repeating: Int32(number), count: number % 5), label: number)
      }
      #expect(rows.count == count)
      for index in 0..<count {
        #expect(
          try rows[index]
            == LabeledTokens(ids: Array(repeating: Int32(index), count: index % 5), label: index))
      }
    }
    #expect(transformed.current == count)
  }

  @Test func keysDistinguishContentsAndParts() {
    #expect(key("ab", "c") != key("a", "bc"))
    #expect(key("a") != key("a", ""))
    #expect(key("a").description.count == 32)
    #expect(Set((0..<10_000).map { key("\($0)") }).count == 10_000)
  }

  @Test func damagedFileIsRebuilt() throws {
    defer { remove() }
    let numbers = InMemoryDataset(Array(0..<100))
    let path = "\(folder)/\(key("a")).rows"
    let whole = try numbers.map(cachedIn: folder, key: key("a")) { [Int64($0)] }
    #expect(try whole[99] == [99])
    let bytes = try read(path)
    var damages: [[UInt8]] = (0..<60).map { Array(bytes.prefix($0 * bytes.count / 60)) }
    for offset in 0..<(8 + 32 + 8 + 800) {
      var damaged = bytes
      damaged[offset] ^= 0x40
      damages.append(damaged)
    }
    for damaged in damages {
      try write(damaged, to: path)
      #expect(throws: DataLoadingError.self) {
        let rows = try CachedDataset<[Int64]>(contentsOf: path, key: key("a"))
        for index in 0..<rows.count { _ = try rows[index] }
      }
    }
    let again = try numbers.map(cachedIn: folder, key: key("a")) { [Int64($0)] }
    #expect(try again[99] == [99])
    #expect(try read(path) == bytes)
  }

  @Test func transformErrorLeavesNoFile() throws {
    struct Broken: Error {}
    defer { remove() }
    #expect(throws: Broken.self) {
      try InMemoryDataset(Array(0..<100)).map(cachedIn: folder, key: key("a")) {
        number -> [Int64] in
        if number == 70 { throw Broken() }
        return []
      }
    }
    #expect(access("\(folder)/\(key("a")).rows", F_OK) != 0)
  }

  @Test func lockTimeoutThrows() throws {
    defer { remove() }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The lock of another process that builds the cache.
    let lock = open("\(folder)/\(key("a")).rows.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(lock) }
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let error = #expect(throws: DataLoadingError.self) {
      try InMemoryDataset([1]).map(cachedIn: folder, key: key("a"), timeout: .milliseconds(50)) {
        [Int64($0)]
      }
    }
    #expect(error?.code == .timedOut)
  }

  private func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    fclose(file)
  }
}
