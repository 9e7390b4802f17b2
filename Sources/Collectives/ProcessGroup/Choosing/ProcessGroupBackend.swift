/// An engine between ranks, as `LOCKSTEP_BACKEND` names it.
public enum ProcessGroupBackend: String, Sendable, CaseIterable, Codable {
  /// Shared memory, between ranks on one host.
  case sharedMemory = "shm"
  /// TCP through PyTorch's Gloo, between any ranks, Python's too.
  case gloo
  /// Shared memory on each host, and Gloo between one leader of each.
  case hierarchical
  /// NCCL between GPUs, one for each rank; what is in the host's memory goes as if nothing was said.
  case nccl
}
