/// A collection of samples with access by index.
///
/// A ``DataLoader`` reads on its own threads, so reading must be thread-safe.
public protocol Dataset<Element>: Sendable {
  /// One sample.
  associatedtype Element

  /// The number of samples.
  var count: Int { get }

  /// The sample at an index in `0..<count`.
  subscript(index: Int) -> Element { get throws }
}

/// A data set in memory.
public struct InMemoryDataset<Element: Sendable>: Dataset {
  private let elements: [Element]

  /// The number of samples.
  public var count: Int { elements.count }

  /// Creates a data set from samples.
  public init(_ elements: [Element]) {
    self.elements = elements
  }

  /// The sample at an index.
  public subscript(index: Int) -> Element {
    requireIndex(index)
    return elements[index]
  }
}

/// A data set whose samples are those of another one, transformed on access.
public struct MappedDataset<Base: Dataset, Element>: Dataset {
  private let base: Base
  private let transform: @Sendable (Base.Element) throws -> Element

  /// The number of samples.
  public var count: Int { base.count }

  fileprivate init(
    _ base: Base, transform: @escaping @Sendable (Base.Element) throws -> Element
  ) {
    self.base = base
    self.transform = transform
  }

  /// The transformed sample at an index.
  public subscript(index: Int) -> Element {
    get throws { try transform(base[index]) }
  }
}

extension Dataset {
  /// Returns the data set with each sample transformed on every access.
  public func mapped<Result>(
    _ transform: @escaping @Sendable (Element) throws -> Result
  ) -> MappedDataset<Self, Result> {
    MappedDataset(self, transform: transform)
  }

  /// Reads all samples into memory.
  public func inMemory() throws -> InMemoryDataset<Element> where Element: Sendable {
    InMemoryDataset(try (0..<count).map { try self[$0] })
  }
}
