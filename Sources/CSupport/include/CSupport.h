// Checksums, and the names of threads.
//
// Why C: tables that the compiler computes, a processor's instruction for CRC-32C, and a function
// that Swift's Glibc module lacks.
#ifndef CSUPPORT_H
#define CSUPPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Returns the CRC-32 of zip files (ISO 3309). `crc` is the checksum of the preceding bytes, 0 if
/// there are none.
uint32_t csupport_crc32(uint32_t crc, const void *bytes, size_t count);

/// Returns the CRC-32C (Castagnoli; RFC 3720), in the same way.
uint32_t csupport_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Like csupport_crc32c, without the processor's instruction; for tests.
uint32_t csupport_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

/// Sets the name of the calling thread to the first 15 bytes of `name`.
void csupport_set_thread_name(const char *name);

#ifdef __cplusplus
}
#endif
#endif
