/// Tensors of a module under names that are not those of its properties.
///
/// The names stand in the module's state where the property's name would stand.
struct NamedTensors {
  var entries: [(name: String, tensor: Tensor)]

  /// The tensors without their names.
  var tensors: [Tensor] { entries.map(\.tensor) }
}
