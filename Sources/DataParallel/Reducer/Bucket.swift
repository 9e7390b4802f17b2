internal import Collectives
internal import Torch
internal import TorchCollectives

/// Gradients that are reduced together: one flat tensor, and a view of it for each parameter.
struct Bucket {
  /// The parameters as indices.
  let members: [Int]
  /// All gradients side by side, shape `[elements]`.
  let flat: Tensor
  /// A view in the shape of each member, in the order of `members`.
  let views: [Tensor]

  /// Allocates a bucket in the group's memory, so that its backend can reduce it without copies; in
  /// plain memory if the group has no room left, or the gradients are on a GPU.
  init(members: [Int], parameters: [Tensor], group: any ProcessGroup) {
    self.members = members
    let dtype = parameters[members[0]].dtype
    let device = parameters[members[0]].device
    let counts = members.map { parameters[$0].count }
    let count = counts.reduce(0, +)
    let flat: Tensor
    if device == .cpu,
      let memory = try? group.allocate(count: count, elementType: ElementType(dtype))
    {
      flat = Tensor(memory: memory.address, shape: [count], dtype: dtype, owner: memory.owner)
    } else {
      flat = Tensor.empty([count], dtype: dtype, device: device)
    }
    self.flat = flat
    var offset = 0
    views = zip(members, counts).map { member, count in
      defer { offset += count }
      return flat.narrow(dim: 0, start: offset, length: count)
        .reshape(parameters[member].shape)
    }
  }

  /// Writes a NaN into the bucket, so that the sum over the ranks has one too.
  func poison() { flat.narrow(dim: 0, start: 0, length: 1).fill_(.nan) }

  /// Whether the first element is NaN: some rank may have poisoned the sum, or its gradient is NaN.
  var isPoisoned: Bool { flat.narrow(dim: 0, start: 0, length: 1).item.isNaN }
}
