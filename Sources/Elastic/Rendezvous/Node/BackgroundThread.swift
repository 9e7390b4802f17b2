import Support

/// Starts a detached thread with a small stack and all signals blocked.
///
/// Signals are handled by the main thread.
func startBackgroundThread(_ body: @escaping @Sendable () -> Void) {
  do throws(SystemError) {
    try NativeThread.start(stackBytes: 512 << 10, blocksSignals: true, body).detach()
  } catch {
    fatalError(error.message)
  }
}
