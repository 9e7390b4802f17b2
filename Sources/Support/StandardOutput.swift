internal import CSupport

/// The standard output of this process.
package enum StandardOutput {
  /// Writes each line at once, also to a pipe or a file, for which the C library collects 4 KiB.
  package static func bufferByLine() { csupport_buffer_output_by_line() }
}
