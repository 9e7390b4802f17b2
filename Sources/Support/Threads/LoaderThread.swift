import Glibc

/// Marks the threads of data loaders, on which random numbers of a shared generator would differ
/// from run to run.
package enum LoaderThread {
  /// Marks the current thread, until it exits.
  package static func markCurrent() { pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1)) }

  /// Whether the current thread is marked.
  package static var isCurrent: Bool { pthread_getspecific(key) != nil }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()
}
