// CRC-32C (Castagnoli; RFC 3720), the checksum that processors have an instruction for.
#ifndef CT_CHECKSUM_H
#define CT_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The checksum of bytes that follow those whose checksum is `crc`; 0 when they are the first.
uint32_t ct_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same without the instruction, as on processors that lack it; for tests.
uint32_t ct_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
