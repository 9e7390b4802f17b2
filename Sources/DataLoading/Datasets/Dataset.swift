/// Samples that are reached by their index.
///
/// A loader reads from its own thread, so a data set must be safe to read from any.
public protocol Dataset<Element>: Sendable {
  /// One sample.
  associatedtype Element

  /// The number of samples.
  var count: Int { get }

  /// The sample at an index from 0 up to `count`.
  subscript(index: Int) -> Element { get throws }
}

/// Samples that are all in memory.
public struct InMemoryDataset<Element: Sendable>: Dataset {
  private let elements: [Element]

  /// The number of samples.
  public var count: Int { elements.count }

  /// Creates a data set of the given samples.
  public init(_ elements: [Element]) {
    self.elements = elements
  }

  /// The sample at an index.
  public subscript(index: Int) -> Element { elements[index] }
}

/// The samples of another data set, each transformed when it is read.
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
  /// Returns the data set with each sample transformed, anew each time it is read.
  public func mapped<Result>(
    _ transform: @escaping @Sendable (Element) throws -> Result
  ) -> MappedDataset<Self, Result> {
    MappedDataset(self, transform: transform)
  }

  /// Returns the samples read one after another and kept in memory.
  public func inMemory() throws -> InMemoryDataset<Element> where Element: Sendable {
    InMemoryDataset(try (0..<count).map { try self[$0] })
  }
}
