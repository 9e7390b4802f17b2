internal import CSupport

/// The CRC-32 checksum of zip files (ISO 3309).
package enum CRC32 {
  /// Returns the checksum of `bytes`.
  package static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    csupport_crc32(0, bytes.baseAddress, bytes.count)
  }
}
