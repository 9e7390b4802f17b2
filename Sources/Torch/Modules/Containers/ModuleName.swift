internal import Support

/// Stops the process unless a name can be a part of a parameter's name.
func requireModuleName(_ name: String, file: StaticString, line: UInt) {
  require(
    !name.isEmpty && !name.contains("."),
    "'\(name)' cannot be the name of a module, because names of parameters are joined by periods: "
      + "use a name that is not empty and contains no period", file: file, line: line)
}
