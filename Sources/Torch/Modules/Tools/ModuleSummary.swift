/// The modules of a model with their parameters, and the shapes of their outputs for an example.
///
/// ```swift
/// print(try model.summary(Tensor.zeros([1, 20])))
/// ```
/// ```text
/// module            output   parameters  trained
/// Classifier        [1, 10]       3,978    3,978
///   hidden  Linear  [1, 128]      2,688    2,688
///   head    Linear  [1, 10]       1,290    1,290
/// ```
public struct ModuleSummary: Sendable, CustomStringConvertible {
  /// A module of the model.
  public struct Row: Sendable, Equatable {
    /// The path of the module; empty for the model.
    public var name: String
    /// The type of the module.
    public var type: String
    /// The shapes of the tensors of the output; `nil` if the module was not called, or without an
    /// example.
    public var outputShapes: [[Int]]?
    /// The number of elements of all parameters of the module and its submodules.
    public var parameterCount: Int
    /// The number of those that are not frozen.
    public var trainedCount: Int
  }

  /// The model, and its submodules in the order of ``Module/modules``.
  public var rows: [Row]

  /// The number of elements of all parameters.
  public var parameterCount: Int { rows.first?.parameterCount ?? 0 }

  /// The number of elements of the parameters that are not frozen.
  public var trainedCount: Int { rows.first?.trainedCount ?? 0 }

  /// The table as text.
  public var description: String {
    let hasShapes = rows.contains { $0.outputShapes != nil }
    let cells = rows.map { row in
      let depth = row.name.isEmpty ? 0 : row.name.split(separator: ".").count
      let title = row.name.isEmpty ? row.type : "\(row.name)  \(row.type)"
      let shapes = row.outputShapes?.map { "\($0)" }.joined(separator: " ") ?? ""
      return [
        String(repeating: "  ", count: min(depth, 1)) + title, shapes,
        grouped(row.parameterCount), grouped(row.trainedCount),
      ]
    }
    let all = [["module", "output", "parameters", "trained"]] + cells
    let columns = hasShapes ? [0, 1, 2, 3] : [0, 2, 3]
    let widths = columns.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { line in
      zip(columns, widths).map { column, width in
        let space = String(repeating: " ", count: width - line[column].count)
        return column < 2 ? line[column] + space : space + line[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension Module {
  /// The modules with the numbers of their parameters.
  public func summary() -> ModuleSummary { summary(shapes: [:]) }

  /// The modules with the numbers of their parameters, and the shapes of their outputs.
  ///
  /// Calls the model once, in evaluation mode and without recording gradients; afterwards each
  /// module is in the mode in which it was.
  ///
  /// - Parameter input: An example of the input.
  /// - Returns: A row for each module.
  /// - Throws: The errors of ``forward(_:)``.
  public func summary(_ input: Input) throws -> ModuleSummary {
    let recorded = RecordedShapes()
    let handles = modules.map { recorded.record($0) }
    let modes = modules.compactMap { $0 as? any ModeDependent }.map { ($0, $0.isTraining) }
    defer {
      for handle in handles { handle.remove() }
      for (module, isTraining) in modes { module.isTraining = isTraining }
    }
    eval()
    _ = try noGrad { try self(input) }
    return summary(shapes: recorded.shapes)
  }

  private func summary(shapes: [ObjectIdentifier: [[Int]]]) -> ModuleSummary {
    var seen: Set<ObjectIdentifier> = []
    let rows = ModuleTree.complete(self).modules.compactMap { name, module -> ModuleSummary.Row? in
      guard seen.insert(ObjectIdentifier(module)).inserted else { return nil }
      let parameters = module.parameters
      return ModuleSummary.Row(
        name: name, type: "\(type(of: module))", outputShapes: shapes[ObjectIdentifier(module)],
        parameterCount: parameters.reduce(0) { $0 + $1.count },
        trainedCount: parameters.reduce(0) { $0 + ($1.requiresGrad ? $1.count : 0) })
    }
    return ModuleSummary(rows: rows)
  }
}

/// The shapes of the outputs of modules; those of the last call.
private final class RecordedShapes {
  private(set) var shapes: [ObjectIdentifier: [[Int]]] = [:]

  func record(_ module: some Module) -> RemovableHandle {
    module.registerForwardHook { [self] module, _, output in
      shapes[ObjectIdentifier(module)] = tensors(in: output).map(\.shape)
      return nil
    }
  }
}

/// A number with commas between groups of three digits.
private func grouped(_ number: Int) -> String {
  let digits = Array("\(number)")
  return digits.indices.map { index in
    index > 0 && (digits.count - index) % 3 == 0 ? ",\(digits[index])" : "\(digits[index])"
  }.joined()
}
