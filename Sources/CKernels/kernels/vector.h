// Sixteen floats at a time. The compiler makes one, two or four registers of them, as the target has.
#include <math.h>
#include <string.h>

#include "ck_kernels.h"

// Products that are added may be fused, also across statements.
#pragma clang fp contract(fast)

// Such vectors are only passed to functions that become part of their caller.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define LANES 16

typedef float floats __attribute__((ext_vector_type(LANES)));
typedef int32_t ints __attribute__((ext_vector_type(LANES)));
typedef uint32_t words __attribute__((ext_vector_type(LANES)));
typedef uint64_t longs __attribute__((ext_vector_type(LANES / 2)));
typedef uint16_t shorts __attribute__((ext_vector_type(LANES)));
typedef floats loose_floats __attribute__((aligned(4)));
typedef shorts loose_shorts __attribute__((aligned(2)));

static const ints lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

INLINE floats load(const float *p) { return *(const loose_floats *)p; }
INLINE void store(float *p, floats v) { *(loose_floats *)p = v; }

INLINE floats choose(ints condition, floats a, floats b) {
  return (floats)(((ints)a & condition) | ((ints)b & ~condition));
}

INLINE floats larger(floats a, floats b) { return __builtin_elementwise_max(a, b); }

INLINE floats from_bfloat16(shorts bits) {
  return (floats)(__builtin_convertvector(bits, words) << 16);
}

/// To the nearest, ties to even; no number stays none.
INLINE shorts to_bfloat16(floats v) {
  words bits = (words)v;
  words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  words none = (words)(v != v);
  return __builtin_convertvector((rounded & ~none) | (none & 0x7fc0), shorts);
}

/// `count` elements at `p + i`, zeros after them.
INLINE floats load_part(const void *p, ck_type type, int64_t i, int64_t count) {
  if (type == CK_FLOAT32) {
    const float *q = (const float *)p + i;
    if (count >= LANES) return load(q);
    floats v = 0;
    memcpy(&v, q, (size_t)count * sizeof *q);
    return v;
  }
  const uint16_t *q = (const uint16_t *)p + i;
  if (count >= LANES) return from_bfloat16(*(const loose_shorts *)q);
  shorts v = 0;
  memcpy(&v, q, (size_t)count * sizeof *q);
  return from_bfloat16(v);
}

INLINE void store_part(void *p, ck_type type, int64_t i, int64_t count, floats v) {
  if (type == CK_FLOAT32) {
    float *q = (float *)p + i;
    if (count >= LANES) store(q, v);
    else memcpy(q, &v, (size_t)count * sizeof *q);
    return;
  }
  uint16_t *q = (uint16_t *)p + i;
  shorts bits = to_bfloat16(v);
  if (count >= LANES) *(loose_shorts *)q = bits;
  else memcpy(q, &bits, (size_t)count * sizeof *q);
}

/// The address of a row.
INLINE void *row(ck_rows rows, int64_t i) {
  return (char *)rows.data + i * rows.stride * (rows.type == CK_FLOAT32 ? 4 : 2);
}

INLINE float sum(floats v) {
  for (int step = LANES / 2; step > 0; step /= 2) {
    for (int i = 0; i < step; i++) v[i] += v[i + step];
  }
  return v[0];
}

INLINE float maximum(floats v) {
  float result = v[0];
  for (int i = 1; i < LANES; i++) result = v[i] > result ? v[i] : result;
  return result;
}

/// e^x for x up to 88; what is below -87 becomes 0, and no number stays none. Relative error below 2e-7.
INLINE floats exponential(floats x) {
  ints vanishes = x < -87.0f;
  floats t = choose(vanishes, (floats)-87.0f, x);
  // Adding 1.5 * 2^23 rounds to an integer; with 127 more its lowest bits are those of an exponent.
  const floats magic = 12582912.0f + 127;
  floats shifted = t * 1.44269504f + magic;
  floats n = shifted - magic;
  floats r = t - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  floats p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  floats scaled = p * (floats)(((ints)shifted) << 23);
  return (floats)((ints)scaled & ~vanishes);
}
