#include "CTorch.h"

namespace {

struct Table {
  /// `slices[k][b]` is the checksum of the byte b with k zero bytes behind it.
  uint32_t slices[16][256];
};

constexpr Table makeTable() {
  Table table{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    table.slices[0][byte] = crc;
  }
  for (int k = 1; k < 16; k++) {
    for (int byte = 0; byte < 256; byte++) {
      const uint32_t before = table.slices[k - 1][byte];
      table.slices[k][byte] = before >> 8 ^ table.slices[0][before & 0xFF];
    }
  }
  return table;
}

constexpr Table table = makeTable();

}  // namespace

// Sixteen bytes at a time (Kounavis & Berry, "slicing by N"): their table look-ups don't wait for
// each other.
uint32_t ct_crc32(uint32_t crc, const void *bytes, size_t count) {
  const auto *next = static_cast<const unsigned char *>(bytes);
  crc = ~crc;
  for (; count >= 16; count -= 16, next += 16) {
    uint32_t sliced = 0;
    for (int k = 0; k < 4; k++) sliced ^= table.slices[15 - k][next[k] ^ (crc >> 8 * k & 0xFF)];
    for (int k = 4; k < 16; k++) sliced ^= table.slices[15 - k][next[k]];
    crc = sliced;
  }
  for (; count > 0; count--, next++) crc = crc >> 8 ^ table.slices[0][(crc ^ *next) & 0xFF];
  return ~crc;
}
