import Foundation
import ProcessHarness
import Testing
import Training

@Suite struct TensorBoardFileTests {
  /// Written by TensorBoard's own writer: Benchmarks/peer/golden_events.py.
  static let golden =
    "1800000000000000a37f4b2209000010406e55da411a0d627261696e2e4576656e743a327ce7ce8610000000"
    + "0000000095fbfe1809000010406e55da4110ac023a020801bdc100886d000000000000003d4de67109000010"
    + "406e55da412a620a600a0f6879706572706172616d65746572734243080712041202080142397c206f707469"
    + "6f6e207c2076616c7565207c0a7c2d2d2d7c2d2d2d7c0a7c2065706f636873207c2034207c0a7c2073656564"
    + "207c203432207c4a080a060a0474657874f25736061800000000000000a37f4b2209000010406e55da412a0d"
    + "0a0b0a046c6f73731500000000bf780f982d000000000000003c418afb09000010406e55da4110f0a2042a1e"
    + "0a110a0a747261696e2f6c6f737315cdcccc3d0a090a02c3bc15caf249f110f59deb"

  func hexadecimal(_ data: Data?) -> String {
    (data ?? Data()).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  func name(in folder: TestFolder) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try #require(names.count == 1 ? names.first : nil)
  }

  @Test func bytesMatchTensorBoardsWriter() throws {
    let folder = try TestFolder()
    let file = try TensorBoardFile(folder.path, resumedStep: 300) { 1_767_225_600.25 }
    try file.record(hyperparameters: ["seed": "42", "epochs": "4"])
    try file.record(["loss": 0], step: 0)
    try file.record(["\u{FC}": -1e30, "train/loss": 0.1], step: 70_000)
    #expect(hexadecimal(folder.data(try name(in: folder))) == Self.golden)
  }

  @Test func fileNameMatchesTensorBoardsPattern() throws {
    let folder = try TestFolder()
    _ = try TensorBoardFile(folder.path) { 1_767_225_600.25 }
    let pid = ProcessInfo.processInfo.processIdentifier
    let name = try name(in: folder)
    #expect(name.hasPrefix("events.out.tfevents.1767225600."))
    #expect(name.hasSuffix(".\(pid).0"))
  }

  @Test func eachRunCreatesItsOwnFileAndTheFolder() throws {
    let folder = try TestFolder()
    let path = folder.file("new/runs/")
    let files = try (0..<3).map { _ in try TensorBoardFile(path) { 1 } }
    #expect(Set(files.map(\.path)).count == 3)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 3)
  }

  @Test(arguments: [("/dev/null/x", "'/dev/null/x'"), ("/proc/lockstep/x", "'/proc/lockstep'")])
  func folderCreationErrorNamesTheFolder(path: String, name: String) {
    let error = #expect(throws: TrainingError.self) { try TensorBoardFile(path) }
    #expect(error?.code == .inputOutput)
    #expect(error?.message.contains(name) == true)
  }
}
