/// A sample that can be serialized to bytes for a cache.
public protocol CacheableRow: Sendable {
  /// Appends the sample's bytes.
  func write(to bytes: inout [UInt8])

  /// Creates the sample from its bytes.
  ///
  /// Returns `nil` if the bytes are invalid, for example because the file is damaged.
  init?(cached bytes: UnsafeRawBufferPointer)
}

/// An integer type for the elements of cached rows.
public protocol CacheableNumber: FixedWidthInteger, BitwiseCopyable, Sendable {}

extension UInt8: CacheableNumber {}
extension Int32: CacheableNumber {}
extension Int64: CacheableNumber {}

extension Array: CacheableRow where Element: CacheableNumber {
  /// Appends the elements, little-endian.
  public func write(to bytes: inout [UInt8]) {
    for number in self {
      Swift.withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// Creates the array, or `nil` if the byte count is not a multiple of the element size.
  public init?(cached bytes: UnsafeRawBufferPointer) {
    let size = MemoryLayout<Element>.size
    guard bytes.count.isMultiple(of: size) else { return nil }
    self = (0..<bytes.count / size).map {
      Element(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Element.self))
    }
  }
}

/// The token IDs of a text, and its class.
public struct LabeledTokens: CacheableRow, Hashable {
  /// The token IDs.
  public var ids: [Int32]
  /// The index of the class.
  public var label: Int

  /// Creates a sample.
  public init(ids: [Int32], label: Int) {
    self.ids = ids
    self.label = label
  }

  /// Appends the label and the IDs.
  public func write(to bytes: inout [UInt8]) {
    [Int64(label)].write(to: &bytes)
    ids.write(to: &bytes)
  }

  /// Creates the sample, or `nil` if the bytes are incomplete.
  public init?(cached bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 8, let ids = [Int32](cached: .init(rebasing: bytes[8...])) else {
      return nil
    }
    self.ids = ids
    label = Int(Int64(littleEndian: bytes.loadUnaligned(as: Int64.self)))
  }
}
