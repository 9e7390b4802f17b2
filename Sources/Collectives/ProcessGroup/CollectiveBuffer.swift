internal import Glibc

/// Memory that a collective reads and writes: numbers side by side, without a shape.
///
/// Sendable because it is only an address: whoever starts a collective leaves the memory alone until
/// the work has been waited for.
public struct CollectiveBuffer: @unchecked Sendable {
  /// The first number, on whatever device the group's engine works.
  public let address: UnsafeMutableRawPointer
  /// How many numbers there are.
  public let count: Int
  /// What they are.
  public let elementType: ElementType
  /// Keeps the memory alive while a collective runs; an engine may recognise it, a tensor for instance.
  public let owner: AnyObject
  /// The GPU whose memory it is, counted among those that this process sees; `nil` for the host's.
  public let gpu: Int?

  /// Describes memory.
  public init(
    address: UnsafeMutableRawPointer, count: Int, elementType: ElementType, owner: AnyObject,
    gpu: Int? = nil
  ) {
    self.address = address
    self.count = count
    self.elementType = elementType
    self.owner = owner
    self.gpu = gpu
  }

  /// The size in bytes.
  public var byteCount: Int { count * elementType.byteCount }

  /// The numbers at some places, counted from 0.
  public func slice(_ range: Range<Int>) -> CollectiveBuffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) numbers")
    return CollectiveBuffer(
      address: address + range.lowerBound * elementType.byteCount, count: range.count,
      elementType: elementType, owner: owner, gpu: gpu)
  }

  /// The numbers in `count` equal parts; it has to divide their number.
  public func parts(_ count: Int) -> [CollectiveBuffer] {
    let length = self.count / count
    return (0..<count).map { slice($0 * length..<($0 + 1) * length) }
  }

  /// Overwrites the numbers with those of a buffer of the same size, which may be the same one.
  public func copy(from other: CollectiveBuffer) {
    precondition(byteCount == other.byteCount, "\(other.byteCount) bytes into \(byteCount)")
    if byteCount > 0, address != other.address {
      address.copyMemory(from: other.address, byteCount: byteCount)
    }
  }
}

/// A piece of memory that collectives can use, owned by Swift and freed with its last reference.
public final class CollectiveMemory<Element: CollectiveElement> {
  private let elements: UnsafeMutableBufferPointer<Element>

  /// Copies numbers into new memory.
  public init(_ values: [Element]) {
    elements = .allocate(capacity: Swift.max(values.count, 1))
    _ = elements.initialize(from: values)
    count = values.count
  }

  /// Makes memory filled with zeros.
  public init(_: Element.Type, count: Int) {
    elements = .allocate(capacity: Swift.max(count, 1))
    if let base = elements.baseAddress { memset(base, 0, count * MemoryLayout<Element>.stride) }
    self.count = count
  }

  deinit { elements.deallocate() }

  /// How many numbers there are.
  public let count: Int

  /// The numbers, copied.
  public var values: [Element] { Array(elements.prefix(count)) }

  /// The memory as collectives see it.
  public var buffer: CollectiveBuffer {
    guard let address = elements.baseAddress else {
      preconditionFailure("allocated memory has an address")
    }
    return CollectiveBuffer(
      address: UnsafeMutableRawPointer(address), count: count, elementType: Element.elementType,
      owner: self)
  }
}
