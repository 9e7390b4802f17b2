internal import CTorch

/// The number in a tensor of one element that its device may not have computed yet.
///
/// On a GPU its copy to the host is queued at once, and reading ``value`` waits for that copy only, not for what the
/// GPU was given since: with ``Tensor/item`` the host would wait until nothing is left to do. On the CPU it is the tensor's item.
package final class DeferredItem {
  private let tensor: Tensor
  private var readback: ct_readback?

  /// Asks for the number as it will be when the device gets there.
  package init(_ tensor: Tensor) {
    self.tensor = tensor
    guard tensor.device != .cpu else { return }
    check(ct_readback_start(tensor.handle, &readback), "read back of \(tensor.summary)")
  }

  deinit { if let readback { ct_readback_free(readback) } }

  /// The number, in the type of the tensor.
  package var value: Double {
    guard let readback else { return tensor.item }
    var copy: ct_tensor?
    check(ct_readback_wait(readback, &copy), "read back of \(tensor.summary)")
    return Tensor(owning: copy).item
  }
}
