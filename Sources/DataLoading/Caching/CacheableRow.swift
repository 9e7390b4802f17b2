/// A sample that can be kept as bytes.
public protocol CacheableRow: Sendable {
  /// Appends the sample's bytes.
  func write(to bytes: inout [UInt8])

  /// Makes the sample of its bytes.
  ///
  /// Returns `nil` if they are not those of such a sample: the file may be damaged.
  init?(cached bytes: UnsafeRawBufferPointer)
}

/// A number of a fixed size, of which rows are made.
public protocol CacheableNumber: FixedWidthInteger, BitwiseCopyable, Sendable {}

extension UInt8: CacheableNumber {}
extension Int32: CacheableNumber {}
extension Int64: CacheableNumber {}

extension Array: CacheableRow where Element: CacheableNumber {
  /// Appends the numbers, little-endian.
  public func write(to bytes: inout [UInt8]) {
    for number in self {
      Swift.withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// The numbers, if their bytes are whole.
  public init?(cached bytes: UnsafeRawBufferPointer) {
    let size = MemoryLayout<Element>.size
    guard bytes.count.isMultiple(of: size) else { return nil }
    self = (0..<bytes.count / size).map {
      Element(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Element.self))
    }
  }
}

/// Numbers that stand for a text, and the text's class.
public struct LabeledTokens: CacheableRow, Hashable {
  /// The token ids.
  public var ids: [Int32]
  /// The number of the class.
  public var label: Int

  /// Creates a sample.
  public init(ids: [Int32], label: Int) {
    (self.ids, self.label) = (ids, label)
  }

  /// Appends the label and the ids.
  public func write(to bytes: inout [UInt8]) {
    [Int64(label)].write(to: &bytes)
    ids.write(to: &bytes)
  }

  /// The sample, if it is whole.
  public init?(cached bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 8, let ids = [Int32](cached: .init(rebasing: bytes[8...])) else {
      return nil
    }
    self.ids = ids
    label = Int(Int64(littleEndian: bytes.loadUnaligned(as: Int64.self)))
  }
}
