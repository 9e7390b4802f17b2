import Foundation

extension TestFolder {
  /// Writes images of 8 × 8 pixels, whose class from 0 to 7 is the index of the bright row, as the
  /// IDX files of a split.
  public func createImages(_ split: String, count: Int) throws {
    func head(_ shape: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(shape.count)]
        + shape.flatMap { [0, UInt8($0 >> 16), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
    }
    let labels = (0..<count).map { UInt8($0 * 7 % 8) }
    let pixels = labels.enumerated().flatMap { index, label in
      (0..<64).map { UInt8($0 / 8 == Int(label) ? 200 : (index + $0) % 50) }
    }
    let files = [
      ("images-idx3", head([count, 8, 8]) + pixels), ("labels-idx1", head([count]) + labels),
    ]
    for (name, bytes) in files {
      try Data(bytes).write(to: URL(fileURLWithPath: file("\(split)-\(name)-ubyte")))
    }
  }
}
