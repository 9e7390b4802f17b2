/// The backend of a process group; raw values are those of `LOCKSTEP_BACKEND`.
public enum ProcessGroupBackend: String, Sendable, CaseIterable, Codable {
  /// Shared memory, between ranks on one host.
  case sharedMemory = "shm"
  /// TCP through PyTorch's Gloo, between any ranks, including Python ranks.
  case gloo
  /// Shared memory on each host, and Gloo between one leader per host.
  case hierarchical
  /// NCCL between GPUs, one per rank; host memory uses the backend that is chosen by default.
  case nccl
}
