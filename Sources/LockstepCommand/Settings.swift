import Elastic
import Support

/// Option values from the command line or, if not given there, from `PET_…` variables.
package struct Settings {
  let environment: [String: String]

  package init(environment: [String: String]) { self.environment = environment }

  /// The value of an option: `text` from the command line, otherwise the option's variable.
  ///
  /// - Parameters:
  ///   - text: The value on the command line, if there is one.
  ///   - option: The option's long name without the leading hyphens.
  /// - Returns: `nil` if neither is given.
  func value(_ text: String?, _ option: String) -> OptionValue? {
    if let text { return OptionValue(text: text, origin: "--\(option) ") }
    return variable("PET_" + Self.variableName(option))
  }

  /// The value of an environment variable; `nil` if it is not set.
  func variable(_ name: String) -> OptionValue? {
    environment[name].map { OptionValue(text: $0, origin: "\(name)=") }
  }

  /// Whether a flag is given on the command line or its variable is 1.
  func flag(_ given: Bool, _ option: String) throws(ElasticError) -> Bool {
    guard !given, let value = value(nil, option) else { return given }
    switch value.text {
    case "0", "": return false
    case "1": return true
    default: throw value.error("use 0 or 1")
    }
  }

  private static func variableName(_ option: String) -> String {
    option.uppercased().replacing("-", with: "_")
  }
}

/// A value that the user gave, with its origin, so that an error can name the option or variable.
struct OptionValue {
  let text: String

  /// The prefix of the text in messages, which names its origin: `--option ` or `VARIABLE=`.
  let origin: String

  /// The value with its origin, for messages; control characters are escaped.
  var shown: String { origin + EscapedText.of(text) }

  /// An error for an invalid value.
  func error(_ remedy: String) -> ElasticError {
    ElasticError(.usage, "\(shown): \(EscapedText.of(remedy))")
  }

  /// Parses the text, and adds the origin to the message of an error.
  func parsed<Value>(
    _ parse: (String) throws(ElasticError) -> Value
  ) throws(ElasticError) -> Value {
    do throws(ElasticError) {
      return try parse(text)
    } catch {
      throw ElasticError(error.code, "\(shown): \(EscapedText.of(error.message))")
    }
  }

  /// Parses a whole number within a range.
  func number(_ range: ClosedRange<Int>) throws(ElasticError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw error("use a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Parses a duration in seconds.
  func seconds() throws(ElasticError) -> Duration {
    guard let number = Double(text), (0...1e9).contains(number) else {
      throw error("use a number of seconds, 0 or more")
    }
    return .seconds(number)
  }
}
