internal import Collectives
internal import Torch
internal import TorchCollectives

/// Gradients that are reduced together: one flat tensor, and a view of it for each parameter.
struct Bucket {
  /// Positions of the parameters.
  let members: [Int]
  /// All gradients side by side, shape `[elements]`.
  let flat: Tensor
  /// A view in the shape of each member, in the order of `members`.
  let views: [Tensor]

  /// Makes a bucket in the group's own memory, so that an all-reduce copies nothing that its engine can
  /// spare; in plain memory where the group has no room left, or the gradients are on a GPU.
  init(members: [Int], parameters: [Tensor], group: any ProcessGroup) {
    self.members = members
    let (dtype, device) = (parameters[members[0]].dtype, parameters[members[0]].device)
    let counts = members.map { parameters[$0].count }
    let count = counts.reduce(0, +)
    let flat: Tensor
    if device == .cpu,
      let memory = try? group.allocate(count: count, elementType: ElementType(dtype))
    {
      flat = Tensor(memory: memory.address, shape: [count], dtype: dtype, owner: memory.owner)
    } else {
      flat = Tensor(empty: [count], dtype: dtype, device: device)
    }
    self.flat = flat
    var offset = 0
    views = zip(members, counts).map { member, count in
      defer { offset += count }
      return flat.narrowed(along: 0, to: offset..<offset + count)
        .reshaped(parameters[member].shape)
    }
  }

  /// Marks the contents so that the sum over the ranks is marked, too: not a number.
  func poison() { flat.narrowed(along: 0, to: 0..<1).fill(with: .nan) }

  /// Whether some rank may have marked the sum; gradients that are no numbers look the same.
  var isPoisoned: Bool { flat.narrowed(along: 0, to: 0..<1).item.isNaN }
}
