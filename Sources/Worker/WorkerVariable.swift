internal import Glibc

/// The environment variables through which a launcher and its workers communicate.
///
/// The launcher writes them and the worker reads them under these names only. Names without
/// `LOCKSTEP` are those of torchrun, PyTorch, Gloo or CUDA.
package enum WorkerVariable: String, CaseIterable, Sendable {
  // Identity: which worker of which job this is.
  case rank = "RANK"
  case worldSize = "WORLD_SIZE"
  case localRank = "LOCAL_RANK"
  case localWorldSize = "LOCAL_WORLD_SIZE"
  case groupRank = "GROUP_RANK"
  case groupWorldSize = "GROUP_WORLD_SIZE"
  case roleRank = "ROLE_RANK"
  case roleName = "ROLE_NAME"
  case roleWorldSize = "ROLE_WORLD_SIZE"
  case runID = "TORCHELASTIC_RUN_ID"
  case restartCount = "TORCHELASTIC_RESTART_COUNT"
  case maxRestarts = "TORCHELASTIC_MAX_RESTARTS"

  // The job's store.
  case masterAddress = "MASTER_ADDR"
  case masterPort = "MASTER_PORT"
  case usesAgentStore = "TORCHELASTIC_USE_AGENT_STORE"

  // Files through which the worker reports to the launcher.
  case errorFile = "TORCHELASTIC_ERROR_FILE"
  case stepFile = "LOCKSTEP_STEP_FILE"
  case stopFile = "LOCKSTEP_STOP_FILE"

  // How the worker runs.
  case signalsToHandle = "TORCHELASTIC_SIGNALS_TO_HANDLE"
  case debugRank = "LOCKSTEP_DEBUG_RANK"
  case spawnCall = "LOCKSTEP_SPAWN"
  case terminalColumns = "LOCKSTEP_TERMINAL_COLUMNS"
  case threads = "OMP_NUM_THREADS"
  case visibleDevices = "CUDA_VISIBLE_DEVICES"
  case asyncErrorHandling = "TORCH_NCCL_ASYNC_ERROR_HANDLING"
  case networkInterface = "GLOO_SOCKET_IFNAME"
  case backtrace = "SWIFT_BACKTRACE"

  /// The variable's value in this process; `nil` when it is unset or empty.
  package var value: String? {
    guard let text = getenv(rawValue), text.pointee != 0 else { return nil }
    return String(cString: text)
  }

  /// Whether the variable is set in this process, possibly to an empty value.
  package var isSet: Bool { getenv(rawValue) != nil }
}
