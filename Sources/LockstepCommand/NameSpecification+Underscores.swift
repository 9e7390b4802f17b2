import ArgumentParser

extension NameSpecification {
  /// A long name in both of torchrun's spellings: `--max-restarts` and `--max_restarts`.
  static func bothSpellings(_ name: String) -> NameSpecification {
    [.customLong(name), .customLong(name.replacing("-", with: "_"))]
  }
}
