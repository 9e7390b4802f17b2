/// The submodules and named tensors of a module, at any depth, found by reflection.
struct ModuleTree {
  struct Entry {
    var name: String
    var tensor: Tensor
    var role: ModuleContents.Role
  }

  /// The modules with their names, in depth-first order; the root has an empty name.
  ///
  /// A shared module is listed under each of its names.
  private(set) var modules: [(name: String, module: any Module)] = []
  private(set) var tensors: [Entry] = []

  /// Why some parameters cannot be found, or `nil`.
  private(set) var problem: String?

  /// The objects that modules store and that are not modules, each with its path.
  private var objects: [(path: String, object: AnyObject)] = []
  /// Whether there are such objects.
  private(set) var hasOtherObjects = false

  /// Searches a module.
  init(_ root: any Module) {
    var ancestors: Set<ObjectIdentifier> = []
    visit(root, prefix: "", &ancestors)
    hasOtherObjects = !objects.isEmpty
    checkNames()
    checkObjects()
  }

  /// Searches a module; parameters that cannot be found are a failed operator.
  static func complete(_ root: any Module) -> ModuleTree {
    let tree = ModuleTree(root)
    if let problem = tree.problem {
      operatorFailed("parameters of \(type(of: root))", "", problem)
    }
    return tree
  }

  /// The parameters, each once, under its first name.
  var namedParameters: [(name: String, tensor: Tensor)] { unique(.parameter) }

  /// The tensors of a role, each once, under its first name.
  func unique(_ role: ModuleContents.Role) -> [(name: String, tensor: Tensor)] {
    var seen = Set<ObjectIdentifier>()
    return tensors.filter {
      $0.role == role && seen.insert(ObjectIdentifier($0.tensor)).inserted
    }.map { ($0.name, $0.tensor) }
  }

  /// A module's own tensors precede those of its submodules, as in PyTorch.
  private mutating func visit(
    _ module: any Module, prefix: String, _ ancestors: inout Set<ObjectIdentifier>
  ) {
    // A reference from a module back to the one that contains it is not a submodule.
    guard ancestors.insert(ObjectIdentifier(module)).inserted else { return }
    defer { ancestors.remove(ObjectIdentifier(module)) }
    modules.append((String(prefix.dropLast()), module))
    let contents = ModuleContents(of: module)
    if let found = contents.problem, problem == nil { problem = found }
    tensors += contents.tensors.map {
      Entry(name: prefix + $0.path.joined(separator: "."), tensor: $0.tensor, role: $0.role)
    }
    objects += contents.objects.map { (prefix + $0.path.joined(separator: "."), $0.object) }
    for submodule in contents.submodules {
      visit(
        submodule.module, prefix: prefix + submodule.path.joined(separator: ".") + ".", &ancestors)
    }
  }

  /// Checks that no two tensors of the state have the same name.
  private mutating func checkNames() {
    var named: [String: Tensor] = [:]
    for entry in tensors where entry.role != .constant {
      if let other = named[entry.name], other !== entry.tensor, problem == nil {
        problem =
          "two tensors have the name '\(entry.name)', so only one would be saved: rename a "
          + "property, or give it another name with @Named"
      }
      named[entry.name] = entry.tensor
    }
  }

  /// Checks that objects that are not modules hold no parameter that is not found elsewhere.
  private mutating func checkObjects() {
    guard problem == nil, !objects.isEmpty else { return }
    let known = Set(
      modules.map { ObjectIdentifier($0.module) }
        + tensors.filter { $0.role != .constant }.map { ObjectIdentifier($0.tensor) })
    var seen: Set<ObjectIdentifier> = []
    while problem == nil, let (path, object) = objects.popLast() {
      guard seen.insert(ObjectIdentifier(object)).inserted else { continue }
      let contents = ModuleContents(of: object)
      let lost =
        contents.tensors.first {
          $0.role != .constant && !known.contains(ObjectIdentifier($0.tensor))
        }?.path
        ?? contents.submodules.first {
          !known.contains(ObjectIdentifier($0.module)) && ModuleTree($0.module).hasState
        }?.path
      if let lost {
        problem =
          "'\(path)' is a \(type(of: object)), which is not a Module, so its '"
          + "\(lost.joined(separator: "."))' would not be trained or saved: make "
          + "\(type(of: object)) a Module. To keep a model out of this one, store a closure that "
          + "returns it"
      }
      objects += contents.objects.map { ("\(path).\($0.path.joined(separator: "."))", $0.object) }
    }
  }

  private var hasState: Bool { problem != nil || tensors.contains { $0.role != .constant } }
}
