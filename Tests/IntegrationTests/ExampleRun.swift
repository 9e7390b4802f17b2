import ProcessHarness

/// A run of one of the examples that print `step N  loss X`.
struct ExampleRun {
  let result: ChildProcess.Result

  /// Runs an example to its end: without a launcher, or on ranks that `lockstep run` starts.
  init(_ example: String, _ arguments: [String], ranks: Int?) async throws {
    guard let ranks else {
      result = try await ChildProcess.run(example, arguments)
      return
    }
    let launch = ["run", "--standalone", "--nproc-per-node", "\(ranks)"]
    result = try await ChildProcess.run(
      "lockstep", launch + [ChildProcess.product(example)] + arguments)
  }

  /// The numbers that follow a text in the lines that begin with a word and an index, such as
  /// `values("step", "loss")` for `step 10  loss 0.5`.
  func values(_ word: String, _ label: String) -> [(index: Int, value: Double)] {
    result.output.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count >= 4, fields[0].hasSuffix(word), let index = Int(fields[1]),
        fields[2..<(fields.count - 1)].joined(separator: " ") == label,
        let value = Double(fields[fields.count - 1])
      else { return nil }
      return (index, value)
    }
  }
}
