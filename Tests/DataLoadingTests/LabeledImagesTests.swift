import DataLoading
import Foundation
import Testing

@Suite struct LabeledImagesTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "idx-\(UUID())")

  private func array(_ shape: [Int], _ bytes: [UInt8], type: UInt8 = 8) -> [UInt8] {
    let sizes = shape.flatMap { size in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
    }
    return [0, 0, type, UInt8(shape.count)] + sizes + bytes
  }

  private func withFiles<Result>(
    _ files: [String: [UInt8]], _ body: (String) throws -> Result
  ) throws -> Result {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    return try body(folder.path)
  }

  /// Compresses a file with gzip, which appends `.gz` to its name.
  private func compress(_ path: String) throws {
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = [path]
    try gzip.run()
    gzip.waitUntilExit()
    try #require(gzip.terminationStatus == 0)
  }

  private let images = "train-images-idx3-ubyte"
  private let labels = "train-labels-idx1-ubyte"

  @Test(arguments: [false, true]) func imagesMatchTheirLabels(isCompressed: Bool) throws {
    try withFiles([
      images: array([3, 2, 2], Array(0..<12)), labels: array([3], [9, 0, 4]),
    ]) { folder in
      if isCompressed { for name in [images, labels] { try compress("\(folder)/\(name)") } }
      let set = try LabeledImages(at: folder, split: "train", classCount: 10)
      #expect(set.count == 3 && set.height == 2 && set.width == 2)
      #expect((0..<3).map { set[$0].label } == [9, 0, 4])
      #expect(
        (0..<3).map { Array(set[$0].pixels) } == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])
    }
  }

  @Test func mismatchedFilesThrow() throws {
    func message(_ imageFile: [UInt8], _ labelFile: [UInt8]) throws -> String {
      try withFiles([images: imageFile, labels: labelFile]) { folder in
        let error = #expect(throws: DataLoadingError.self) {
          try LabeledImages(at: folder, split: "train", classCount: 10)
        }
        return error?.message ?? ""
      }
    }
    let one = array([1, 2, 2], [1, 2, 3, 4])
    #expect(
      try message(one, array([2], [1, 1])).contains(
        "the labels have the shape [2], but there are 1 "))
    #expect(
      try message(one, array([1], [10])).contains("image 0 has the label 10, but there are 10"))
    #expect(try message(array([4], [1, 2, 3, 4]), array([1], [1])).contains("not [4]"))
    #expect(try message(one, one).contains("the labels have the shape [1, 2, 2]"))
  }

  @Test(
    arguments: [
      ([], "this is not an IDX file"),
      ([0, 0, 8], "this is not an IDX file"),
      ([0, 1, 8, 1, 0, 0, 0, 0], "begins with the bytes [0, 1, 8, 1]"),
      ([0, 0, 8, 0], "this is not an IDX file"),
      ([0, 0, 7, 1, 0, 0, 0, 0], "unknown element type 7"),
      ([0, 0, 0x0D, 1, 0, 0, 0, 0], "the file holds 32-bit floats; only unsigned bytes"),
      ([0, 0, 8, 2, 0, 0, 0, 1, 0], "the file ends within its header"),
      ([0, 0, 8, 1, 0, 0, 0, 3, 1, 2], "shape [3] needs 3 bytes, but there are 2"),
      ([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], "data follows the 1 bytes of shape [1]"),
      ([0, 0, 8, 1, 255, 255, 255, 255], "needs 4294967295 bytes, but there are 0"),
      (
        [0, 0, 8, 3] + Array(repeating: 255, count: 12),
        "does not fit in memory"
      ),
    ] as [([UInt8], String)])
  func malformedFilesThrow(bytes: [UInt8], message: String) throws {
    try withFiles(["a": bytes]) { folder in
      let error = #expect(throws: DataLoadingError.self) {
        try IDXArray(contentsOf: "\(folder)/a")
      }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
  }

  @Test func damagedGzipFileThrows() throws {
    let whole = array([40, 5], (0..<200).map { UInt8($0 * $0 % 251) })
    try withFiles(["a": whole]) { folder in
      let path = "\(folder)/a.gz"
      try compress("\(folder)/a")
      #expect(try IDXArray(contentsOf: path).bytes == Array(whole.dropFirst(12)))
      let compressed = Array(try Data(contentsOf: URL(filePath: path)))
      for end in 0..<compressed.count - 8 {
        try Data(compressed[..<end]).write(to: URL(filePath: path))
        #expect(throws: DataLoadingError.self) { try IDXArray(contentsOf: path) }
      }
      var flipped = compressed
      flipped[compressed.count - 6] ^= 1
      try Data(flipped).write(to: URL(filePath: path))
      let error = #expect(throws: DataLoadingError.self) { try IDXArray(contentsOf: path) }
      #expect(error?.message.contains("damaged or truncated (") == true, "\(error?.message ?? "")")
    }
    let error = #expect(throws: DataLoadingError.self) { try IDXArray(contentsOf: "/no/such") }
    #expect(error?.code == .fileUnreadable)
    #expect(throws: DataLoadingError.self) { try IDXArray(contentsOf: "/tmp") }
  }
}
