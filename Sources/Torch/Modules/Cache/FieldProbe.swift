@_spi(Reflection) import Swift
internal import Synchronization

/// Reads the part of a stored value that decides which modules and tensors it holds.
///
/// Equal words mean that the value refers to the same objects under the same names.
enum FieldProbe: @unchecked Sendable {
  // Sendable: metatypes do not change.
  /// Words at an offset: references, and existentials of classes.
  case words(offset: Int, count: Int)
  /// A string at an offset, which may be a name.
  case string(offset: Int)
  /// A collection or an optional at an offset, with its contents.
  case contents(offset: Int, any ProbedContents.Type)

  /// Passes on the words of a value at an address.
  func read(_ address: UnsafeRawPointer, _ words: inout WordStream) {
    switch self {
    case .words(let offset, let count):
      for index in 0..<count {
        words.add(address.load(fromByteOffset: offset + 8 * index, as: UInt.self))
      }
    case .string(let offset):
      words.add((address + offset).assumingMemoryBound(to: String.self).pointee)
    case .contents(let offset, let type):
      type.read(address + offset, &words)
    }
  }

  private static let known = Mutex<[ObjectIdentifier: [FieldProbe]?]>([:])

  /// The probes of the values of a type; of a class, those of its stored properties.
  ///
  /// - Returns: `nil` if values of the type cannot be compared, such as `Any` and enums.
  static func probes(of type: Any.Type) -> [FieldProbe]? {
    let key = ObjectIdentifier(type)
    if let answer = known.withLock({ $0[key] }) { return answer }
    let answer = type is AnyObject.Type ? fields(of: type, classType) : search(type, 0)
    known.withLock { $0[key] = .some(answer) }
    return answer
  }

  /// The static property of this name is mutable, so Swift 6 does not allow its use.
  private static let classType = _EachFieldOptions(rawValue: 1)

  private static func fields(
    of type: Any.Type, _ options: _EachFieldOptions = [], at base: Int = 0
  ) -> [FieldProbe]? {
    var fields: [(offset: Int, type: Any.Type)] = []
    _forEachField(of: type, options: options) { _, offset, field, _ in
      fields.append((offset, field))
      return true
    }
    var probes: [FieldProbe] = []
    for field in fields {
      guard let found = search(field.type, base + field.offset) else { return nil }
      probes += found
    }
    return probes
  }

  private static func search(_ type: Any.Type, _ offset: Int) -> [FieldProbe]? {
    if type == String.self { return [.string(offset: offset)] }
    guard TypeContents.mayHoldParameters(type) else { return [] }
    if type is AnyObject.Type {
      let isKnown = type == Tensor.self || type is any Module.Type
      return isKnown ? [.words(offset: offset, count: 1)] : nil
    }
    if let contents = type as? any ProbedContents.Type {
      return contents.canRead ? [.contents(offset: offset, contents)] : nil
    }
    if type is any CustomReflectable.Type { return nil }
    switch TypeContents.kind(of: type) {
    case .struct, .tuple: return fields(of: type, at: offset)
    // An existential of a class: a reference and a witness table. Others are larger.
    case .existential, .unknown:
      return size(of: type) == 16 ? [.words(offset: offset, count: 2)] : nil
    default: return nil
    }
  }

  private static func size(of type: Any.Type) -> Int {
    func open<Value>(_: Value.Type) -> Int { MemoryLayout<Value>.size }
    return _openExistential(type, do: open)
  }
}

/// Words that are recorded, or compared with recorded ones.
struct WordStream {
  private(set) var words: ContiguousArray<UInt> = []
  private var position = 0
  private let isRecording: Bool
  private(set) var isEqual = true

  /// Records words.
  init() { isRecording = true }

  /// Compares words with recorded ones.
  init(comparingWith words: ContiguousArray<UInt>) {
    self.words = words
    isRecording = false
  }

  mutating func add(_ word: UInt) {
    if isRecording {
      words.append(word)
    } else if position < words.count, words[position] == word {
      position += 1
    } else {
      isEqual = false
    }
  }

  mutating func add(_ string: String) {
    var string = string
    string.withUTF8 { bytes in
      add(UInt(bytes.count))
      var word: UInt = 0
      for (index, byte) in bytes.enumerated() {
        word = word << 8 | UInt(byte)
        if index % 8 == 7 || index == bytes.count - 1 { add(word) }
      }
    }
  }
}

/// A generic type of the standard library whose contents are compared.
protocol ProbedContents {
  /// Whether the contents can be compared.
  static var canRead: Bool { get }
  /// Passes on the words of the value at an address.
  static func read(_ address: UnsafeRawPointer, _ words: inout WordStream)
}

extension Optional: ProbedContents {
  static var canRead: Bool {
    Wrapped.self is AnyObject.Type
      ? Wrapped.self == Tensor.self || Wrapped.self is any Module.Type
      : FieldProbe.probes(of: Wrapped.self) != nil
  }

  static func read(_ address: UnsafeRawPointer, _ words: inout WordStream) {
    if Wrapped.self is AnyObject.Type { return words.add(address.load(as: UInt.self)) }
    guard let value = address.assumingMemoryBound(to: Wrapped?.self).pointee else {
      return words.add(0)
    }
    words.add(1)
    readElements([value], &words)
  }
}

extension Array: ProbedContents {
  static var canRead: Bool { Optional<Element>.canRead }

  static func read(_ address: UnsafeRawPointer, _ words: inout WordStream) {
    readElements(address.assumingMemoryBound(to: [Element].self).pointee, &words)
  }
}

extension Dictionary: ProbedContents {
  static var canRead: Bool {
    (Key.self == String.self || Key.self == Int.self) && Optional<Value>.canRead
  }

  static func read(_ address: UnsafeRawPointer, _ words: inout WordStream) {
    let dictionary = address.assumingMemoryBound(to: [Key: Value].self).pointee
    for key in dictionary.keys {
      if let key = key as? String { words.add(key) }
      if let key = key as? Int { words.add(UInt(bitPattern: key)) }
    }
    readElements(Array(dictionary.values), &words)
  }
}

private func readElements<Element>(_ elements: [Element], _ words: inout WordStream) {
  words.add(UInt(elements.count))
  elements.withUnsafeBytes { bytes in
    guard let start = bytes.baseAddress else { return }
    if Element.self is AnyObject.Type {
      for index in elements.indices {
        words.add(start.load(fromByteOffset: 8 * index, as: UInt.self))
      }
      return
    }
    let probes = FieldProbe.probes(of: Element.self) ?? []
    for index in elements.indices {
      for probe in probes { probe.read(start + MemoryLayout<Element>.stride * index, &words) }
    }
  }
}
