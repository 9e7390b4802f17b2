import Elastic

/// Values from the command line, or where one is not given there from a `PET_…` variable.
struct Settings {
  let environment: [String: String]
  var prefix = "PET_"

  /// A text, or `nil` if it is given nowhere.
  func text(_ given: String?, _ name: String) -> String? { given ?? environment[prefix + name] }

  /// A flag; its variable is 0 or 1.
  func flag(_ given: Bool, _ name: String) throws(ElasticError) -> Bool {
    switch environment[prefix + name] {
    case _ where given: return true
    case nil, "0", "": return false
    case "1": return true
    case let text?: throw ElasticError(.usage, "\(prefix)\(name)=\(text): give 0 or 1")
    }
  }

  /// A whole number within a range, or `nil` if it is given nowhere.
  func number(
    _ given: String?, _ name: String, _ option: String, _ range: ClosedRange<Int>
  ) throws(ElasticError) -> Int? {
    guard let text = text(given, name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw ElasticError(
        .usage,
        "\(option) \(text): give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A time in seconds, or `nil` if it is given nowhere.
  func seconds(
    _ given: String?, _ name: String, _ option: String
  ) throws(ElasticError) -> Duration? {
    guard let text = text(given, name) else { return nil }
    guard let number = Double(text), (0...1e9).contains(number) else {
      throw ElasticError(.usage, "\(option) \(text): give a number of seconds, 0 or more")
    }
    return .seconds(number)
  }
}
