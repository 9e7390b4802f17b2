// Values as Python prints them, for descriptions of modules.

func pythonText(_ value: Bool) -> String { value ? "True" : "False" }

func pythonText(_ value: Double) -> String { "\(value)" }

/// A tuple.
func pythonText(_ values: [Int]) -> String { tuple(values.map { "\($0)" }) }

/// An integer or a tuple, as PyTorch was given it.
func pythonText(_ list: any IntegerList) -> String {
  (list as? Int).map { "\($0)" } ?? pythonText(list.integers)
}

/// An integer or a tuple, as PyTorch was given it.
func pythonText(_ list: any OptionalIntegerList) -> String {
  (list as? Int).map { "\($0)" }
    ?? tuple(list.optionalIntegers.map { size in size.map { "\($0)" } ?? "None" })
}

/// A number or a tuple, as PyTorch was given it.
func pythonText(_ list: any NumberList) -> String {
  let texts = list.numbers.map { pythonText($0) }
  return list is Int || list is Double ? texts[0] : tuple(texts)
}

private func tuple(_ texts: [String]) -> String {
  texts.count == 1 ? "(\(texts[0]),)" : "(\(texts.joined(separator: ", ")))"
}
