package import Elastic

/// Completes abbreviated options, as torchrun's parser does: `--nproc 2` is `--nproc-per-node 2`.
package enum OptionPrefixes {
  /// Completes the options before the program; the program and its arguments stay unchanged.
  ///
  /// - Parameter arguments: The arguments of `lockstep run`.
  /// - Returns: The arguments with the options in full.
  /// - Throws: ``ElasticError`` with code `usage` if several options begin with an abbreviation, or
  ///   if an argument before the program is not valid UTF-8.
  package static func completed(_ arguments: [String]) throws(ElasticError) -> [String] {
    var result: [String] = []
    var rest = arguments[...]
    while let argument = rest.first, argument.hasPrefix("-"), argument != "--" {
      guard ArgumentText.isValid(argument) else { throw invalid(argument) }
      let (option, text) = try completed(argument)
      rest = rest.dropFirst()
      if let option, text == "\(option.spelling)=" {
        result += [option.spelling, ""]  // ArgumentParser takes the next argument after "=" alone.
        continue
      }
      result.append(text)
      guard takesNextArgument(argument, option), let value = rest.first else { continue }
      guard ArgumentText.isValid(value) else { throw invalid(value) }
      result.append(value)
      rest = rest.dropFirst()
    }
    return result + rest
  }

  /// The options that begin with an abbreviation, in either of their spellings.
  static func candidates(_ name: some StringProtocol) -> [LaunchOption] {
    let name = String(name).replacing("_", with: "-")
    if let exact = LaunchOption(rawValue: name) { return [exact] }
    return LaunchOption.allCases.filter { $0.rawValue.hasPrefix(name) }
  }

  private static func completed(
    _ argument: String
  ) throws(ElasticError) -> (LaunchOption?, String) {
    guard argument.hasPrefix("--") else { return (nil, argument) }
    let name = argument.dropFirst(2).prefix { $0 != "=" }
    let options = candidates(name)
    guard options.count <= 1 else {
      let names = options.map(\.spelling).joined(separator: ", ")
      throw ElasticError(
        .usage,
        "--\(ArgumentText.shown(String(name))) is ambiguous: it can mean \(names); write the "
          + "option in full")
    }
    guard let option = options.first else { return (nil, argument) }
    return (option, option.spelling + argument.dropFirst(2 + name.count))
  }

  /// Whether the value of an option is in the next argument.
  private static func takesNextArgument(_ argument: String, _ option: LaunchOption?) -> Bool {
    if let option { return !option.isFlag && !argument.contains("=") }
    return argument == "-r" || argument == "-t"
  }

  private static func invalid(_ argument: String) -> ElasticError {
    ElasticError(
      .usage,
      "the option or value \(ArgumentText.shown(argument)) is not valid UTF-8: only the program "
        + "and its arguments may contain other bytes")
  }
}
