@_spi(Reflection) import Swift
internal import Synchronization

/// Which types may hold parameters or modules.
///
/// The answer avoids reflection on the elements of large arrays, and shows what an empty optional
/// could hold.
enum TypeContents {
  private static let answers = Mutex<[ObjectIdentifier: Bool]>([:])

  /// Whether a value of a type may hold a tensor or a module.
  ///
  /// - Returns: `true` also if only the value shows it, as for `Any` or an enum with payloads.
  static func mayHoldParameters(_ type: Any.Type) -> Bool {
    let key = ObjectIdentifier(type)
    if let answer = answers.withLock({ $0[key] }) { return answer }
    var visited: Set<ObjectIdentifier> = []
    let answer = search(type, &visited)
    answers.withLock { $0[key] = answer }
    return answer
  }

  private static func search(_ type: Any.Type, _ visited: inout Set<ObjectIdentifier>) -> Bool {
    // A type that contains itself holds what its other parts hold.
    guard visited.insert(ObjectIdentifier(type)).inserted else { return false }
    if type is any Holder.Type || type is any Module.Type { return true }
    if let container = type as? any Container.Type {
      return container.contents.contains { search($0, &visited) }
    }
    if isBitwiseCopyable(type) || texts.contains(ObjectIdentifier(type)) { return false }
    let name = String(reflecting: type)
    if otherModules.contains(where: { name.hasPrefix($0) }) { return false }
    // Its mirror shows other values than its stored properties.
    if type is any CustomReflectable.Type { return true }
    switch kind(of: type) {
    case .struct, .tuple: return searchFields(of: type, [], &visited)
    case .class: return searchFields(of: type, classType, &visited)
    // A protocol with arguments, as in `any Module<Tensor, Tensor>`, is of unknown kind.
    case .enum, .existential, .unknown: return true
    default: return false
    }
  }

  /// The static property of this name is mutable, so Swift 6 does not allow its use.
  private static let classType = _EachFieldOptions(rawValue: 1)

  /// Searches the stored properties, those of base classes included.
  private static func searchFields(
    of type: Any.Type, _ options: _EachFieldOptions, _ visited: inout Set<ObjectIdentifier>
  ) -> Bool {
    var fields: [Any.Type] = []
    _forEachField(of: type, options: options) { _, _, field, _ in
      fields.append(field)
      return true
    }
    return fields.contains { search($0, &visited) }
  }

  /// The kind of a type.
  static func kind(of type: Any.Type) -> _MetadataKind {
    // The runtime tells the kinds of fields only.
    func open<Value>(_: Value.Type) -> _MetadataKind {
      var kind = _MetadataKind.unknown
      _forEachField(of: (Value, Int).self) { _, _, _, field in
        kind = field
        return false
      }
      return kind
    }
    return _openExistential(type, do: open)
  }

  private static func isBitwiseCopyable(_ type: Any.Type) -> Bool {
    func open<Value>(_: Value.Type) -> Bool { _isPOD(Value.self) }
    return _openExistential(type, do: open)
  }

  private static let texts: Set<ObjectIdentifier> = [
    ObjectIdentifier(String.self), ObjectIdentifier(Substring.self),
    ObjectIdentifier(Character.self),
  ]

  /// The prefixes of types of system modules and of this package's modules without tensors.
  ///
  /// Other threads may use their objects, so those are not searched.
  private static let otherModules = [
    "Foundation", "Dispatch.", "Synchronization.", "Logging.", "NIO", "_", "Support.", "Worker.",
    "Collectives.", "TorchCollectives.", "Elastic.", "DataLoading.", "Tokenizers.",
  ]
}

/// A type that is a tensor or wraps one.
private protocol Holder {}
extension Tensor: Holder {}
extension Buffer: Holder {}

/// A generic type whose values hold only values of its arguments.
private protocol Container {
  static var contents: [Any.Type] { get }
}
extension Optional: Container { static var contents: [Any.Type] { [Wrapped.self] } }
extension Array: Container { static var contents: [Any.Type] { [Element.self] } }
extension ArraySlice: Container { static var contents: [Any.Type] { [Element.self] } }
extension ContiguousArray: Container { static var contents: [Any.Type] { [Element.self] } }
extension Set: Container { static var contents: [Any.Type] { [Element.self] } }
extension Dictionary: Container { static var contents: [Any.Type] { [Key.self, Value.self] } }
extension Named: Container { static var contents: [Any.Type] { [Value.self] } }
