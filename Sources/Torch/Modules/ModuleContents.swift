/// What one module stores: its tensors, its direct submodules and other objects.
///
/// Optionals, arrays, dictionaries, tuples, structs and enums are searched, as are base classes.
struct ModuleContents {
  /// What a stored tensor is to its module.
  enum Role { case parameter, buffer, constant }

  /// The tensors with their paths from the module.
  private(set) var tensors: [(path: [String], tensor: Tensor, role: Role)] = []
  /// The submodules with their paths from the module.
  private(set) var submodules: [(path: [String], module: any Module)] = []
  /// The objects that may hold modules or tensors but are not modules.
  private(set) var objects: [(path: [String], object: AnyObject)] = []
  /// What the containers of submodules are called in a description, by their paths.
  private(set) var containers: [[String]: String] = [:]
  /// Why some parameters cannot be found, or `nil`.
  private(set) var problem: String?

  /// The type whose properties are searched, for messages.
  private let owner: Any.Type

  /// Searches the stored properties of a module or of another object.
  init(of object: AnyObject) {
    owner = type(of: object)
    if object is any CustomReflectable {
      report("\(owner) defines customMirror, which hides its properties: remove customMirror")
    }
    if let container = object as? any ModuleContainer {
      submodules = container.namedChildren.map { ([$0.name], $0.module) }
      tensors = container.namedTensors.map { ([$0.name], $0.tensor, $0.tensor.role) }
    } else {
      visitFields(of: Mirror(reflecting: object), at: [])
    }
  }

  private mutating func report(_ message: String) {
    if problem == nil { problem = message }
  }

  private mutating func visit(_ value: Any, at path: [String]) {
    guard TypeContents.mayHoldParameters(type(of: value)) else { return }
    switch value {
    case let tensor as Tensor: tensors.append((path, tensor, tensor.role))
    case let buffer as any BufferProperty:
      if let tensor = buffer.tensor { tensors.append((path, tensor, .buffer)) }
    case let named as NamedTensors:
      for entry in named.entries { visit(entry.tensor, at: path.dropLast() + [entry.name]) }
    case let named as any NamedProperty:
      visit(named.anyValue, at: path.dropLast() + [named.name])
    case let module as any Module: submodules.append((path, module))
    default: visitParts(of: value, at: path)
    }
  }

  private mutating func visitParts(of value: Any, at path: [String]) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let child = mirror.children.first { visit(child.value, at: path) }
    case .collection:
      containers[path] = "ModuleList"
      for (index, child) in mirror.children.enumerated() {
        visit(child.value, at: path + ["\(index)"])
      }
    case .set:
      visitSet(mirror, at: path)
    case .dictionary:
      visitDictionary(mirror, at: path)
    case .struct, .tuple:
      containers[path] = mirror.displayStyle == .tuple ? "Tuple" : "\(type(of: value))"
      visitFields(of: mirror, at: path)
    case .enum:
      containers[path] = "\(type(of: value))"
      for child in mirror.children { visit(child.value, at: path + [child.label ?? "0"]) }
    case .class:
      objects.append((path, value as AnyObject))
    default:
      break
    }
  }

  /// Base classes first.
  private mutating func visitFields(of mirror: Mirror, at path: [String]) {
    if let base = mirror.superclassMirror { visitFields(of: base, at: path) }
    for child in mirror.children {
      let label = child.label ?? "0"
      if let name = label.suffix(after: "$__lazy_storage_$_") {
        visitLazy(child.value, at: path + [name])
      } else if let name = label.suffix(after: "_"),
        let wrapped = wrappedValue(of: child.value)
      {
        visit(wrapped, at: path + [name])
      } else {
        // The elements of a tuple without labels are ".0", ".1", …
        visit(child.value, at: path + [label.suffix(after: ".") ?? label])
      }
    }
  }

  /// The storage of a property wrapper as the value of its property, or `nil` for other values.
  private func wrappedValue(of storage: Any) -> Any? {
    guard TypeContents.mayHoldParameters(type(of: storage)) else { return nil }
    if storage is any BufferProperty || storage is any NamedProperty { return storage }
    let mirror = Mirror(reflecting: storage)
    guard mirror.displayStyle == .struct else { return nil }
    return mirror.children.first { $0.label == "wrappedValue" }?.value
  }

  /// Visits the storage of a lazy property, an optional that is nil before the first use.
  private mutating func visitLazy(_ storage: Any, at path: [String]) {
    if let child = Mirror(reflecting: storage).children.first {
      visit(child.value, at: path)
    } else if TypeContents.mayHoldParameters(type(of: storage)) {
      report(
        "the lazy property '\(path.joined(separator: "."))' of \(owner) was not used yet, so its "
          + "parameters do not exist: read it in init, or declare it with let")
    }
  }

  private mutating func visitSet(_ mirror: Mirror, at path: [String]) {
    let before = (tensors.count, submodules.count)
    for child in mirror.children { visit(child.value, at: path) }
    guard (tensors.count, submodules.count) != before else { return }
    report(
      "'\(path.joined(separator: "."))' of \(owner) is a set, whose order differs from run to run, "
        + "so its modules have no names: use an array or a dictionary")
  }

  /// Visits the values in the order of their names, as they would be in PyTorch's `ModuleDict`.
  private mutating func visitDictionary(_ mirror: Mirror, at path: [String]) {
    containers[path] = "ModuleDict"
    var entries: [(key: DictionaryKey, value: Any)] = []
    for child in mirror.children {
      let pair = Array(Mirror(reflecting: child.value).children)
      guard pair.count == 2 else { continue }
      guard let key = DictionaryKey(pair[0].value) else {
        report(
          "the dictionary '\(path.joined(separator: "."))' of \(owner) has the key "
            + "\(describe(key: pair[0].value)), which cannot be a part of a parameter's name: "
            + "use strings without periods, integers, or enum cases without values as keys")
        continue
      }
      entries.append((key, pair[1].value))
    }
    for entry in entries.sorted(by: { $0.key < $1.key }) {
      visit(entry.value, at: path + [entry.key.name])
    }
  }
}

private func describe(key: Any) -> String {
  (key as? any StringProtocol).map { "\($0)".debugDescription } ?? "of type \(type(of: key))"
}

/// The key of a dictionary as a part of a parameter's name.
private struct DictionaryKey: Comparable {
  let name: String
  private let integer: Int?

  /// Creates the name of a key.
  ///
  /// - Returns: `nil` for a key without a name, and for a name that is empty or contains a period,
  ///   which `ModuleDict` refuses too.
  init?(_ key: Any) {
    switch key {
    case let key as AnyHashable where key.base is any RawRepresentable:
      guard let raw = (key.base as? any RawRepresentable)?.rawValue,
        let key = DictionaryKey(raw)
      else { return nil }
      self = key
      return
    case let key as any StringProtocol: name = "\(key)"
    case let key as Character: name = "\(key)"
    case let key as any BinaryInteger: name = "\(key)"
    default:
      let mirror = Mirror(reflecting: key)
      guard mirror.displayStyle == .enum, mirror.children.isEmpty else { return nil }
      name = String(describing: key)
    }
    integer = (key as? any BinaryInteger).flatMap { Int(exactly: $0) }
    guard !name.isEmpty, !name.contains(".") else { return nil }
  }

  /// Integers in numeric order, other names by their Unicode scalars.
  static func < (left: DictionaryKey, right: DictionaryKey) -> Bool {
    if let left = left.integer, let right = right.integer { return left < right }
    return left.name.unicodeScalars.lexicographicallyPrecedes(right.name.unicodeScalars)
  }
}

extension Tensor {
  /// What the tensor is to a module that stores it.
  var role: ModuleContents.Role {
    isParameter || requiresGrad && isLeaf ? .parameter : .constant
  }
}

extension String {
  /// What follows a prefix, or `nil` if the string does not have it.
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
