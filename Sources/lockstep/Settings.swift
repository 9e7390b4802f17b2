import Elastic

/// Values from the command line, or where one is not given there from a `PET_…` variable.
struct Settings {
  let environment: [String: String]

  /// What is given for an option, by its name without the hyphens: `text` from the command line, or
  /// else the option's variable; `nil` if it is given nowhere.
  func value(_ text: String?, _ option: String) -> GivenValue? {
    if let text { return GivenValue(text: text, origin: "--\(option) ") }
    return variable("PET_" + Self.variableName(option))
  }

  /// What a variable holds; `nil` if it is not set.
  func variable(_ name: String) -> GivenValue? {
    environment[name].map { GivenValue(text: $0, origin: "\(name)=") }
  }

  /// A flag; its variable is 0 or 1.
  func flag(_ given: Bool, _ option: String) throws(ElasticError) -> Bool {
    guard !given, let value = value(nil, option) else { return given }
    switch value.text {
    case "0", "": return false
    case "1": return true
    default: throw value.refused("give 0 or 1")
    }
  }

  private static func variableName(_ option: String) -> String {
    option.uppercased().replacing("-", with: "_")
  }
}

/// A text that a user gave, and where, so that a complaint names what has to be changed.
struct GivenValue {
  let text: String

  /// What stands before the text where it was given: `--option ` or `VARIABLE=`.
  let origin: String

  /// The error for a value that makes no sense.
  func refused(_ remedy: String) -> ElasticError {
    ElasticError(.usage, "\(origin)\(text): \(remedy)")
  }

  /// Reads the text; an error of `parse` becomes one that names where the text was given.
  func parsed<Value>(
    _ parse: (String) throws(ElasticError) -> Value
  ) throws(ElasticError) -> Value {
    do throws(ElasticError) {
      return try parse(text)
    } catch {
      throw ElasticError(error.code, "\(origin)\(text): \(error.message)")
    }
  }

  /// A whole number within a range.
  func number(_ range: ClosedRange<Int>) throws(ElasticError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw refused("give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A time in seconds.
  func seconds() throws(ElasticError) -> Duration {
    guard let number = Double(text), (0...1e9).contains(number) else {
      throw refused("give a number of seconds, 0 or more")
    }
    return .seconds(number)
  }
}
