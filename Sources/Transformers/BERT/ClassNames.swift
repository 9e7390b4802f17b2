/// The names of the classes, in index order: the `id2label` of a `config.json`.
///
/// Hugging Face writes an object with the indices as keys. Other programs write arrays, indices
/// that start at 1, numbers as names, or the inverse object. The order of the indices decides, so
/// the names fit a classifier with as many rows.
struct ClassNames: Decodable, Equatable, Sendable {
  let names: [String]

  init(from decoder: any Decoder) throws {
    if var array = try? decoder.unkeyedContainer() {
      var names: [String] = []
      while !array.isAtEnd { names.append(try array.decode(Name.self).text) }
      self.names = names
      return
    }
    let object = try decoder.singleValueContainer().decode([String: Name].self)
    var byIndex: [(index: Int, name: String)] = []
    for (key, value) in object {
      if let index = Int(key) {
        byIndex.append((index, value.text))
      } else if let index = Int(value.text) {
        byIndex.append((index, key))
      } else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "the key \(key) is not an index"))
      }
    }
    names = byIndex.sorted { ($0.index, $0.name) < ($1.index, $1.name) }.map(\.name)
  }

  /// A name: any JSON value but an array or an object.
  private struct Name: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        text = "null"
      } else if let flag = try? container.decode(Bool.self) {
        text = "\(flag)"
      } else if let index = try? container.decode(Int.self) {
        text = "\(index)"
      } else if let number = try? container.decode(Double.self) {
        text = "\(number)"
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
