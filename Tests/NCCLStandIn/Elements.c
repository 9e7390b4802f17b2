#include <string.h>

#include "StandIn.h"

size_t byte_count(cnccl_type type) {
  static const size_t sizes[] = {1, 1, 4, 4, 8, 8, 2, 4, 8, 2};
  return type >= 0 && type < 10 ? sizes[type] : 0;
}

static double real(const void *elements, size_t index, cnccl_type type) {
  switch (type) {
    case 6: return (double)((const _Float16 *)elements)[index];
    case 7: return ((const float *)elements)[index];
    case 8: return ((const double *)elements)[index];
    default: {
      uint32_t bits = (uint32_t)((const uint16_t *)elements)[index] << 16;
      float value;
      memcpy(&value, &bits, sizeof value);
      return value;
    }
  }
}

static void set_real(void *elements, size_t index, cnccl_type type, double value) {
  switch (type) {
    case 6: ((_Float16 *)elements)[index] = (_Float16)value; break;
    case 7: ((float *)elements)[index] = (float)value; break;
    case 8: ((double *)elements)[index] = value; break;
    default: {
      float single = (float)value;
      uint32_t bits;
      memcpy(&bits, &single, sizeof bits);
      ((uint16_t *)elements)[index] = (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
  }
}

static int64_t whole(const void *elements, size_t index, cnccl_type type) {
  switch (type) {
    case 0: return ((const int8_t *)elements)[index];
    case 1: return ((const uint8_t *)elements)[index];
    case 2: return ((const int32_t *)elements)[index];
    default: return ((const int64_t *)elements)[index];
  }
}

static void set_whole(void *elements, size_t index, cnccl_type type, int64_t value) {
  switch (type) {
    case 0:
    case 1: ((uint8_t *)elements)[index] = (uint8_t)value; break;
    case 2: ((uint32_t *)elements)[index] = (uint32_t)value; break;
    default: ((int64_t *)elements)[index] = value;
  }
}

void combine(
    void *output, const void *const *inputs, int ranks, size_t count, cnccl_type type, cnccl_op op) {
  bool is_real = type >= 6;
  for (size_t index = 0; index < count; index++) {
    double x = is_real ? real(inputs[0], index, type) : 0;
    int64_t n = is_real ? 0 : whole(inputs[0], index, type);
    for (int rank = 1; rank < ranks; rank++) {
      double y = is_real ? real(inputs[rank], index, type) : 0;
      int64_t m = is_real ? 0 : whole(inputs[rank], index, type);
      switch (op) {
        case 1: x *= y, n = (int64_t)((uint64_t)n * (uint64_t)m); break;
        case 2: x = x > y ? x : y, n = n > m ? n : m; break;
        case 3: x = x < y ? x : y, n = n < m ? n : m; break;
        default: x += y, n = (int64_t)((uint64_t)n + (uint64_t)m);
      }
    }
    if (op == 4) x /= ranks, n /= ranks;
    if (is_real) {
      set_real(output, index, type, x);
    } else {
      set_whole(output, index, type, n);
    }
  }
}
