extension PickleGlobal {
  /// The reason why a file that refers to another class or function is rejected, and what to do.
  static func refusal(of name: String) -> FileFailure {
    let shown = name.quotedForMessage
    func starts(_ prefixes: String...) -> Bool { prefixes.contains { name.hasPrefix($0) } }
    let what: String
    let remedy: String
    if starts("numpy.", "ml_dtypes.") {
      what = "a NumPy value (\(shown))"
      remedy = "save numbers with .item() and arrays with torch.from_numpy"
    } else if starts(
      "torch.nn.modules.", "torch.ao.nn.", "torchvision.models.", "transformers.models.")
    {
      what = "a whole module (\(shown))"
      remedy = "load it in Python with weights_only=False and save its state_dict()"
    } else if starts("torch.distributed.") {
      what = "a distributed tensor (\(shown))"
      remedy = "gather it with .full_tensor() and save the result"
    } else if starts("torch.nested.", "torch._dynamo.") {
      what = "a jagged nested tensor (\(shown))"
      remedy = "save its values() and offsets()"
    } else if starts("torch.optim.") {
      what = "an optimizer or a learning-rate schedule (\(shown))"
      remedy = "save its state_dict()"
    } else {
      what = shown
      remedy =
        "if you trust its source, load it in Python with weights_only=False and save its tensors, "
        + "numbers and strings in dictionaries and lists"
    }
    return .unsupported(
      "it contains \(what), which torch.load(weights_only=True) does not allow by default; no code "
        + "of the file was executed; \(remedy)")
  }
}
