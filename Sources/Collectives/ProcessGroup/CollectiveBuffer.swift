internal import Glibc
internal import Support

/// Contiguous memory that a collective reads or writes.
///
/// `@unchecked Sendable`: it is only an address. The caller does not access the memory between the
/// start of a collective and the end of ``Work/wait()``.
public struct CollectiveBuffer: @unchecked Sendable {
  /// The address of the first element, in the memory of the host or of the GPU.
  public let address: UnsafeMutableRawPointer
  /// The number of elements.
  public let count: Int
  /// The type of the elements.
  public let elementType: ElementType
  /// The object that owns the memory, such as a tensor; a running collective retains it.
  public let owner: AnyObject
  /// The index of the GPU that holds the memory, among those that the process sees; `nil` for the
  /// host.
  public let gpu: Int?

  /// Creates a buffer over existing memory.
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

  /// Returns a range of the elements.
  public func slice(
    _ range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> CollectiveBuffer {
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "the range \(range) is not in a buffer of \(count) elements", file: file, line: line)
    return CollectiveBuffer(
      address: address + range.lowerBound * elementType.byteCount, count: range.count,
      elementType: elementType, owner: owner, gpu: gpu)
  }

  /// Splits the buffer into `count` equal parts; `count` has to divide the number of elements.
  public func parts(_ count: Int) -> [CollectiveBuffer] {
    let length = self.count / count
    return (0..<count).map { slice($0 * length..<($0 + 1) * length) }
  }

  /// Copies the content of a buffer of the same size, which may be this one.
  public func copy(
    from other: CollectiveBuffer, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      byteCount == other.byteCount,
      "cannot copy a buffer of \(other.byteCount) bytes into one of \(byteCount) bytes",
      file: file, line: line)
    if byteCount > 0, address != other.address {
      address.copyMemory(from: other.address, byteCount: byteCount)
    }
  }
}

/// Memory for collectives, freed with its last reference.
public final class CollectiveMemory<Element: CollectiveElement> {
  private let elements: UnsafeMutableBufferPointer<Element>

  /// Allocates memory and copies values into it.
  public init(_ values: [Element]) {
    elements = .allocate(capacity: Swift.max(values.count, 1))
    _ = elements.initialize(from: values)
    count = values.count
  }

  /// Allocates memory filled with zeros.
  public init(_: Element.Type, count: Int) {
    elements = .allocate(capacity: Swift.max(count, 1))
    if let base = elements.baseAddress { memset(base, 0, count * MemoryLayout<Element>.stride) }
    self.count = count
  }

  deinit { elements.deallocate() }

  /// The number of elements.
  public let count: Int

  /// A copy of the elements.
  public var values: [Element] { Array(elements.prefix(count)) }

  /// The memory as a buffer for collectives.
  public var buffer: CollectiveBuffer {
    guard let address = elements.baseAddress else {
      preconditionFailure("allocated memory has no address")
    }
    return CollectiveBuffer(
      address: UnsafeMutableRawPointer(address), count: count, elementType: Element.elementType,
      owner: self)
  }
}
