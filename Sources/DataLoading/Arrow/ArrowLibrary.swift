internal import CArrow
import Glibc

/// The Apache Arrow library, loaded when the first table is read.
enum ArrowLibrary {
  enum Format: String {
    case arrow = "lockstep_arrow_open_arrow"
    case parquet = "lockstep_arrow_open_parquet"
  }

  /// The path of the library: `LOCKSTEP_ARROW`, or where this package's Scripts/setup-arrow installs it.
  static var path: String {
    if let path = getenv("LOCKSTEP_ARROW") { return String(cString: path) }
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/.deps/arrow/liblockstep_arrow.so"
  }

  /// Whether the library is installed.
  static var isAvailable: Bool { access(path, R_OK) == 0 }

  /// Opens a file and returns the stream of its batches, which the caller releases.
  static func open(_ path: String, as format: Format) throws(DataLoadingError) -> ArrowArrayStream {
    // Repeated dlopen calls are cheap; the library is never unloaded.
    guard let library = dlopen(self.path, RTLD_NOW | RTLD_LOCAL),
      let symbol = dlsym(library, format.rawValue)
    else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown"
      throw DataLoadingError(
        .unsupported,
        "cannot load Apache Arrow (\(reason)): run Scripts/setup-arrow, or set LOCKSTEP_ARROW to the "
          + "path of liblockstep_arrow.so", path: path)
    }
    let function = unsafeBitCast(symbol, to: OpenFunction.self)
    var stream = ArrowArrayStream()
    if let message = function(path, &stream) {
      defer { free(message) }
      throw DataLoadingError(.malformedFile, String(cString: message), path: path)
    }
    return stream
  }

  private typealias OpenFunction =
    @convention(c) (
      UnsafePointer<CChar>, UnsafeMutablePointer<ArrowArrayStream>
    ) -> UnsafeMutablePointer<CChar>?
}
