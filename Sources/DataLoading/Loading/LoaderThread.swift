import Glibc
import Synchronization

/// Runs work on a thread of its own, which nothing waits for.
enum LoaderThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread that runs `body` and ends.
  ///
  /// - Throws: ``DataLoadingError`` with code `threadRefused`.
  static func start(_ body: @escaping @Sendable () -> Void) throws(DataLoadingError) {
    let work = Unmanaged.passRetained(Work(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    if status != 0 {
      work.release()
      throw DataLoadingError(
        .threadRefused,
        "could not start the loader's thread: \(String(cString: strerror(status))); "
          + "raise the limit of processes (ulimit -u) or stop other programs")
    }
  }
}

/// Numbers from 0 on, each given once, to any thread.
final class SharedCounter: Sendable {
  private let next = Atomic(0)

  func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
}
