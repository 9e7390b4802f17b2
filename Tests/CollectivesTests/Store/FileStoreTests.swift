import Collectives
import Foundation
import Support
import Testing

/// The file's format, its deletion, and incomplete records.
struct FileStoreTests {
  @Test func theFormatIsPyTorchs() throws {
    let path = temporaryPath()
    let store = try FileStore(path: path)
    try store.set("k", "v")
    _ = try store.deleteKey("k")
    let records: [(String, String)] = [("refcount/", "1"), ("/k", "v"), ("-/k", "")]
    let expected: [UInt8] = records.reduce(into: []) { bytes, record in
      for text in [record.0, record.1] {
        bytes += [UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
      }
    }
    #expect(try bytes(path) == expected)
  }

  @Test func theLastUserDeletesTheFile() throws {
    let path = temporaryPath()
    var first: FileStore? = try FileStore(path: path, worldSize: 2)
    var second: FileStore? = try FileStore(path: path, worldSize: 2)
    try first?.set("k", "v")
    first = nil
    #expect(try second?.getString("k") == "v")
    second = nil
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(first == nil && second == nil)
  }

  @Test func withoutAWorldSizeTheFileRemains() throws {
    let path = temporaryPath()
    try FileStore(path: path).set("k", "v")
    #expect(try FileStore(path: path).getString("k") == "v")
  }

  @Test(arguments: 1..<10)
  func anIncompleteRecordIsIgnoredAndThenTruncated(_ lost: Int) throws {
    let path = temporaryPath()
    let reader = try FileStore(path: path)
    try reader.set("whole", "1")
    let whole = try bytes(path)
    let record = FileStoreLog.record(Array("/half".utf8), Array("2".utf8))
    try Data(whole + record.dropLast(lost)).write(to: URL(filePath: path), options: [])
    #expect(try reader.check(["whole"]) && !reader.check(["half"]))
    try reader.set("next", "3")
    #expect(try FileStore(path: path).getString("next", timeout: .zero) == "3")
    #expect(
      try bytes(path).starts(
        with: whole + FileStoreLog.record(Array("/next".utf8), Array("3".utf8))))
  }

  @Test(arguments: ["a text of another program", "xy", "\u{1}\0\0\0z\0\0\0\0", "\0\0\0\0\0\0\0\0"])
  func aFileWithOtherContentIsNotChanged(_ contents: String) throws {
    let path = temporaryPath()
    try Data(contents.utf8).write(to: URL(filePath: path))
    #expect(codeOfError { _ = try FileStore(path: path) } == .protocolViolation)
    #expect(try bytes(path) == Array(contents.utf8))
  }

  @Test func aMissingFolderIsReported() {
    let open = { _ = try FileStore(path: "/no/such/folder/store") }
    #expect(codeOfError(open) == .io)
    #expect(messageOfError(open).contains("/no/such/folder/store"))
  }

  @Test func aRecreatedFileIsReadFromItsStart() throws {
    let path = temporaryPath()
    let store = try FileStore(path: path)
    try store.set("old", "1")
    try FileManager.default.removeItem(atPath: path)
    try FileStore(path: path).set("new", "2")
    #expect(try store.getString("new") == "2")
    #expect(try !store.check(["old"]))
  }

  @Test func aLockThatIsNotReleasedTimesOut() throws {
    let path = temporaryPath()
    let store = try FileStore(path: path, timeout: .milliseconds(50))
    let holder = try LockedFile(path: path, .exclusive, before: Deadline(after: .seconds(9)))
    #expect(codeOfError { try store.set("k", "v") } == .timedOut)
    _ = try holder.status()
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }
}
