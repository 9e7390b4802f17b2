// Two checksums of bytes: that of zip files, and the one that processors have an instruction for.
#ifndef CSUPPORT_CHECKSUM_H
#define CSUPPORT_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// CRC-32 as zip files have it (ISO 3309) of bytes that follow those whose checksum is `crc`; 0 when they are
/// the first.
uint32_t csupport_crc32(uint32_t crc, const void *bytes, size_t count);

/// CRC-32C (Castagnoli; RFC 3720), in the same way.
uint32_t csupport_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same without the instruction, as on processors that lack it; for tests.
uint32_t csupport_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
