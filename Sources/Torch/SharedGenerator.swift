internal import Support

/// libtorch's default generator, which all threads of the process share.
enum SharedGenerator {
  /// Warns if the current thread belongs to a data loader.
  ///
  /// Which thread draws first depends on timing, so the values differ from run to run.
  static func warnOnLoaderThread() {
    if LoaderThread.isCurrent { _ = warning }
  }

  /// Logged once per process.
  private static let warning: Void = Log.warning(
    "libtorch's random generator is used on a data loader's thread. All threads share it, so the "
      + "data differs from run to run. Draw from the sample's generator, for example with "
      + "Tensor.randn(shape, using: &generator); see DataLoader's transform")
}
