internal import Synchronization

/// The result of a search of a module, and what shows that it is still right.
///
/// A training loop asks for the parameters in each step, and the search takes milliseconds. So the
/// result is kept, with the words of memory that it depends on: references to tensors and modules,
/// and names. Before each use these are compared, which takes microseconds. Another module or
/// tensor in a property, a changed array or dictionary, and a gradient that is requested for a
/// constant cause a new search.
///
/// Nothing is retained, so the cache keeps no model alive. References are safe because they are
/// read from the root downwards: what a module refers to is read after its own words proved equal.
final class CachedTree: @unchecked Sendable {
  // Sendable: nothing changes after init.

  private struct Node {
    let address: UnsafeRawPointer
    /// The class of the object, since another one may get the address later.
    let metadata: UInt
    let probes: [FieldProbe]
  }

  private struct CachedTensor {
    let name: String
    unowned(unsafe) let tensor: Tensor
    let role: ModuleContents.Role
    /// Whether an earlier entry is the same tensor.
    let isRepeated: Bool
  }

  private let nodes: [Node]
  private let words: ContiguousArray<UInt>
  private let entries: [CachedTensor]

  /// Prepares the result of a search, or returns `nil` if it is small or cannot be compared.
  init?(_ tree: ModuleTree) {
    guard tree.problem == nil, !tree.hasOtherObjects, tree.modules.count >= Self.minimumCount else {
      return nil
    }
    var stream = WordStream()
    var nodes: [Node] = []
    var seen: Set<ObjectIdentifier> = []
    for (_, module) in tree.modules where seen.insert(ObjectIdentifier(module)).inserted {
      guard let probes = FieldProbe.probes(of: type(of: module)) else { return nil }
      let address = UnsafeRawPointer(Unmanaged.passUnretained(module as AnyObject).toOpaque())
      nodes.append(
        Node(address: address, metadata: address.load(as: UInt.self), probes: probes))
      for probe in probes { probe.read(address, &stream) }
    }
    self.nodes = nodes
    words = stream.words
    var known: Set<ObjectIdentifier> = []
    entries = tree.tensors.map { entry in
      let isParameter = entry.role == .parameter
      let isNew = !isParameter || known.insert(ObjectIdentifier(entry.tensor)).inserted
      return CachedTensor(
        name: entry.name, tensor: entry.tensor, role: entry.role, isRepeated: !isNew)
    }
  }

  /// The number of modules from which a result is kept; smaller ones are searched each time.
  private static let minimumCount = 8

  /// Whether a new search of the module would give the same result.
  private func isCurrent() -> Bool {
    var stream = WordStream(comparingWith: words)
    for node in nodes {
      guard node.address.load(as: UInt.self) == node.metadata else { return false }
      for probe in node.probes { probe.read(node.address, &stream) }
      guard stream.isEqual else { return false }
    }
    return entries.allSatisfy { $0.role == .buffer || $0.tensor.role == $0.role }
  }

  /// The parameters, each once, with their names.
  var namedParameters: [(name: String, tensor: Tensor)] {
    var parameters: [(name: String, tensor: Tensor)] = []
    parameters.reserveCapacity(entries.count)
    for entry in entries where entry.role == .parameter && !entry.isRepeated {
      parameters.append((entry.name, entry.tensor))
    }
    return parameters
  }

  /// The parameters, each once.
  var parameters: [Tensor] {
    var parameters: [Tensor] = []
    parameters.reserveCapacity(entries.count)
    for entry in entries where entry.role == .parameter && !entry.isRepeated {
      parameters.append(entry.tensor)
    }
    return parameters
  }

  private static let trees = Mutex<[ObjectIdentifier: CachedTree]>([:])
  /// The number of results that are kept.
  private static let capacity = 64

  /// The parameters of a module, each once, with their names.
  static func namedParameters(of root: any Module) -> [(name: String, tensor: Tensor)] {
    switch result(of: root) {
    case .kept(let tree): tree.namedParameters
    case .new(let tree): tree.namedParameters
    }
  }

  /// The parameters of a module, each once.
  static func parameters(of root: any Module) -> [Tensor] {
    switch result(of: root) {
    case .kept(let tree): tree.parameters
    case .new(let tree): tree.namedParameters.map(\.tensor)
    }
  }

  private enum Result {
    case kept(CachedTree)
    case new(ModuleTree)
  }

  /// A kept result that is still right, or that of a new search.
  private static func result(of root: any Module) -> Result {
    let key = ObjectIdentifier(root)
    if let kept = trees.withLock({ $0[key] }), kept.isCurrent() { return .kept(kept) }
    let tree = ModuleTree.complete(root)
    let kept = CachedTree(tree)
    trees.withLock { trees in
      if trees.count >= capacity { trees = [:] }
      trees[key] = kept
    }
    return .new(tree)
  }
}
