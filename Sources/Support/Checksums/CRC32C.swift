internal import CSupport

/// The checksum CRC-32C (RFC 3720, B.4), for which processors have an instruction.
///
/// It detects every burst error of up to 32 bits, and other errors with a probability of 1 - 2^-32.
/// It does not protect against deliberate changes.
package struct CRC32C {
  /// The checksum of all bytes so far.
  package private(set) var value: UInt32 = 0

  package init() {}

  /// Appends bytes.
  package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    value = csupport_crc32c(value, bytes.baseAddress, bytes.count)
  }

  /// Eight hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
