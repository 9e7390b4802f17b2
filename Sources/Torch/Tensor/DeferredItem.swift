internal import CTorch

/// The element of a one-element tensor that its device may not have computed yet.
///
/// On a GPU, creating the object queues a copy to the host, and reading ``value`` waits for that
/// copy only. ``Tensor/item`` would wait for all work queued on the GPU. On the CPU, ``value`` is
/// the item of the tensor.
package final class DeferredItem {
  private let tensor: Tensor
  private var readback: ct_readback?

  /// Queues a copy of the element, after the work that computes it.
  package init(_ tensor: Tensor) {
    self.tensor = tensor
    guard tensor.device != .cpu else { return }
    check(ct_readback_start(tensor.handle, &readback), "readback of \(tensor.summary)")
  }

  deinit { if let readback { ct_readback_free(readback) } }

  /// The element, converted from the type of the tensor.
  package var value: Double {
    guard let readback else { return tensor.item }
    var copy: ct_tensor?
    check(ct_readback_wait(readback, &copy), "readback of \(tensor.summary)")
    return Tensor(owning: copy).item
  }
}
