extension Module {
  /// The tree of the submodules, as PyTorch prints it.
  ///
  /// ```text
  /// Classifier(
  ///   (hidden): Linear(in_features=20, out_features=128, bias=True)
  ///   (head): Linear(in_features=128, out_features=10, bias=True)
  /// )
  /// ```
  /// Equal neighbors in an array are printed once: `(0-11): 12 x BertLayer(…)`.
  public var description: String {
    var ancestors: Set<ObjectIdentifier> = []
    return describe(self, &ancestors)
  }

  /// The tensors that the module stores, one per line.
  public var extraRepr: String {
    ModuleContents(of: self).tensors.map { stored in
      let sizes = stored.tensor.shape.map { "\($0)" }.joined(separator: "x")
      let kind =
        switch stored.role {
        case .parameter: "Parameter"
        case .buffer: "Buffer"
        case .constant: "Constant"
        }
      return "(\(stored.path.joined(separator: "."))): \(kind) containing: "
        + "[\(stored.tensor.dtype)\(sizes.isEmpty ? "" : " of size \(sizes)")]"
    }.joined(separator: "\n")
  }
}

/// A submodule, or a container of submodules, in the tree of a description.
private final class Node {
  var module: (any Module)?
  var title = ""
  var children: [(name: String, node: Node)] = []

  func child(_ name: String) -> Node {
    if let existing = children.first(where: { $0.name == name }) { return existing.node }
    let node = Node()
    children.append((name, node))
    return node
  }
}

private func describe(_ module: any Module, _ ancestors: inout Set<ObjectIdentifier>) -> String {
  let name = (module as? any ModuleContainer)?.typeName ?? "\(type(of: module))"
  guard ancestors.insert(ObjectIdentifier(module)).inserted else { return "\(name)(…)" }
  defer { ancestors.remove(ObjectIdentifier(module)) }
  let contents = ModuleContents(of: module)
  let root = Node()
  root.title = name
  for submodule in contents.submodules {
    var node = root
    var path: [String] = []
    for part in submodule.path {
      node = node.child(part)
      path.append(part)
      node.title = contents.containers[path] ?? ""
    }
    node.module = submodule.module
  }
  let own = module.extraRepr.split(separator: "\n").map(String.init)
  if own.count == 1, root.children.isEmpty { return "\(name)(\(own[0]))" }
  return block(name, own + lines(of: root, &ancestors))
}

private func lines(of node: Node, _ ancestors: inout Set<ObjectIdentifier>) -> [String] {
  var runs: [(first: String, last: String, count: Int, text: String)] = []
  for (name, child) in node.children {
    let text =
      if let module = child.module {
        describe(module, &ancestors)
      } else {
        block(child.title, lines(of: child, &ancestors))
      }
    if node.title == "ModuleList", let last = runs.last, last.text == text {
      runs[runs.count - 1].last = name
      runs[runs.count - 1].count += 1
    } else {
      runs.append((name, name, 1, text))
    }
  }
  return runs.map { run in
    run.count == 1
      ? "(\(run.first)): \(run.text)"
      : "(\(run.first)-\(run.last)): \(run.count) x \(run.text)"
  }
}

/// A name and lines in parentheses; the lines are indented.
private func block(_ name: String, _ lines: [String]) -> String {
  guard !lines.isEmpty else { return "\(name)()" }
  let text = lines.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
  return "\(name)(\n" + text.map { "  \($0)\n" }.joined() + ")"
}
