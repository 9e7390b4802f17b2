internal import CArrow
import Glibc

/// The Apache Arrow library, loaded when the first table is read.
enum ArrowLibrary {
  enum Format {
    case arrow, parquet

    fileprivate var code: Int32 {
      switch self {
      case .arrow: Int32(LOCKSTEP_ARROW_IPC)
      case .parquet: Int32(LOCKSTEP_ARROW_PARQUET)
      }
    }

    /// The first bytes of a file.
    fileprivate var magic: String {
      switch self {
      case .arrow: "ARROW1"
      case .parquet: "PAR1"
      }
    }
  }

  /// The path of the library: `LOCKSTEP_ARROW`, or where this package's Scripts/setup-arrow
  /// installs it.
  static var path: String {
    if let path = getenv("LOCKSTEP_ARROW") { return String(cString: path) }
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/.deps/arrow/liblockstep_arrow.so"
  }

  /// Reads the schema of a file, which the caller releases.
  static func schema(
    _ path: String, as format: Format
  ) throws(DataLoadingError) -> ArrowSchema {
    let function = unsafeBitCast(
      try symbol("lockstep_arrow_read_schema", path), to: SchemaFunction.self)
    var schema = ArrowSchema()
    try check(function(path, format.code, &schema), path, format)
    return schema
  }

  /// Opens a file and returns the stream of its batches, which the caller releases.
  ///
  /// The stream has the columns at the given indices, which must be distinct and in ascending
  /// order.
  static func open(
    _ path: String, as format: Format, columns: [Int32]
  ) throws(DataLoadingError) -> ArrowArrayStream {
    let function = unsafeBitCast(
      try symbol("lockstep_arrow_read_columns", path), to: ColumnsFunction.self)
    var stream = ArrowArrayStream()
    try check(function(path, format.code, columns, Int64(columns.count), &stream), path, format)
    return stream
  }

  private static func symbol(
    _ name: String, _ path: String
  ) throws(DataLoadingError) -> UnsafeMutableRawPointer {
    // Repeated dlopen calls are cheap; the library is never unloaded.
    if let library = dlopen(self.path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, name) {
      return symbol
    }
    let reason = dlerror().map { String(cString: $0) } ?? "unknown"
    throw DataLoadingError(
      .unsupported,
      "cannot load Apache Arrow (\(reason)): run Scripts/setup-arrow, or set LOCKSTEP_ARROW to the "
        + "path of liblockstep_arrow.so", path: path)
  }

  /// Returns an error message of Arrow without its final period, to embed it in a sentence.
  static func reason(_ message: UnsafePointer<CChar>?) -> String {
    var reason = message.map { String(cString: $0).trimmingSpaces } ?? "invalid data"
    while reason.hasSuffix(".") { reason.removeLast() }
    return reason
  }

  /// Throws the error message that an Arrow function returned, if any, and frees it.
  private static func check(
    _ message: UnsafeMutablePointer<CChar>?, _ path: String, _ format: Format
  ) throws(DataLoadingError) {
    guard let message else { return }
    defer { free(message) }
    if access(path, R_OK) != 0 {
      throw DataLoadingError(
        .fileUnreadable, "could not read the file: \(String(cString: strerror(errno)))", path: path)
    }
    let reason = reason(message)
    let problem = (try? MappedBytes(path)).flatMap { file in
      file.with(0..<min(file.count, 64)) { bytes in
        bytes.starts(with: format.magic.utf8) ? nil : TextEncoding.formatProblem(bytes)
      }
    }
    throw DataLoadingError(
      .malformedFile, problem ?? "\(reason); the file is damaged or incomplete, copy it again",
      path: path)
  }

  private typealias SchemaFunction =
    @convention(c) (
      UnsafePointer<CChar>, Int32, UnsafeMutablePointer<ArrowSchema>
    ) -> UnsafeMutablePointer<CChar>?

  private typealias ColumnsFunction =
    @convention(c) (
      UnsafePointer<CChar>, Int32, UnsafePointer<Int32>, Int64,
      UnsafeMutablePointer<ArrowArrayStream>
    ) -> UnsafeMutablePointer<CChar>?
}
