internal import Support

/// Stops the process unless a dropout probability is in [0, 1].
func requireProbability(_ p: Double, file: StaticString, line: UInt) {
  require(
    (0...1).contains(p), "the dropout probability is \(p); use 0 to 1", file: file, line: line)
}

/// The description of a dropout module, as PyTorch prints it.
func dropoutText(_ p: Double) -> String { "p=\(pythonText(p)), inplace=False" }
