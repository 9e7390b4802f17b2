#include "ct_checksum.h"

#include <array>
#include <cstring>

namespace {

/// Tables for eight bytes at a time (Kounavis & Berry 2005, "slicing by 8").
using Tables = std::array<std::array<uint32_t, 256>, 8>;

constexpr Tables makeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    // 0x82F63B78 is Castagnoli's polynomial with its bits reversed.
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0x82F63B78 : 0);
    tables[0][byte] = value;
  }
  for (uint32_t byte = 0; byte < 256; byte++) {
    for (size_t slice = 1; slice < 8; slice++) {
      uint32_t last = tables[slice - 1][byte];
      tables[slice][byte] = last >> 8 ^ tables[0][last & 0xFF];
    }
  }
  return tables;
}

constexpr Tables tables = makeTables();

uint32_t portable(uint32_t crc, const unsigned char *bytes, size_t count) {
  for (; count >= 8; bytes += 8, count -= 8) {
    uint32_t low = crc ^ (static_cast<uint32_t>(bytes[0]) | static_cast<uint32_t>(bytes[1]) << 8 |
                          static_cast<uint32_t>(bytes[2]) << 16 | static_cast<uint32_t>(bytes[3]) << 24);
    crc = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^
          tables[4][low >> 24] ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^
          tables[0][bytes[7]];
  }
  for (; count > 0; bytes++, count--) crc = crc >> 8 ^ tables[0][(crc ^ *bytes) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
/// One instruction for eight bytes, about 8 GB/s: faster than what it is compared with, a disk.
__attribute__((target("sse4.2"))) uint32_t instruction(
    uint32_t crc, const unsigned char *bytes, size_t count) {
  uint64_t value = crc;
  for (; count >= 8; bytes += 8, count -= 8) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    value = __builtin_ia32_crc32di(value, word);
  }
  crc = static_cast<uint32_t>(value);
  for (; count > 0; bytes++, count--) crc = __builtin_ia32_crc32qi(crc, *bytes);
  return crc;
}
#endif

}  // namespace

uint32_t ct_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__x86_64__)
  static const bool hasInstruction = __builtin_cpu_supports("sse4.2");
  if (hasInstruction) return ~instruction(~crc, static_cast<const unsigned char *>(bytes), count);
#endif
  return ct_crc32c_portable(crc, bytes, count);
}

uint32_t ct_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
  return ~portable(~crc, static_cast<const unsigned char *>(bytes), count);
}
