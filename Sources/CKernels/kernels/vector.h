// Vectors of sixteen floats. The compiler maps them to one, two or four registers of the target.
#include <math.h>
#include <string.h>

#include "ck_kernels.h"

// Allows fused multiply-add, also across statements.
#pragma clang fp contract(fast)

// Only inlined functions have vector arguments, so the ABI warning does not apply.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define LANES 16

typedef float floats __attribute__((ext_vector_type(LANES)));
typedef int32_t ints __attribute__((ext_vector_type(LANES)));
typedef uint32_t words __attribute__((ext_vector_type(LANES)));
typedef uint64_t longs __attribute__((ext_vector_type(LANES / 2)));
typedef uint16_t shorts __attribute__((ext_vector_type(LANES)));
typedef floats unaligned_floats __attribute__((aligned(4)));
typedef shorts unaligned_shorts __attribute__((aligned(2)));

static const ints lane_indices = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

INLINE floats load(const float *p) { return *(const unaligned_floats *)p; }
INLINE void store(float *p, floats v) { *(unaligned_floats *)p = v; }

INLINE floats select_lanes(ints condition, floats a, floats b) {
  return (floats)(((ints)a & condition) | ((ints)b & ~condition));
}

INLINE floats max_lanes(floats a, floats b) { return __builtin_elementwise_max(a, b); }

INLINE floats from_bfloat16(shorts bits) {
  return (floats)(__builtin_convertvector(bits, words) << 16);
}

/// Rounds to nearest, ties to even. NaN remains NaN.
INLINE shorts to_bfloat16(floats v) {
  words bits = (words)v;
  words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  words is_nan = (words)(v != v);
  return __builtin_convertvector((rounded & ~is_nan) | (is_nan & 0x7fc0), shorts);
}

/// Loads `count` elements from `p + i`, at most sixteen, followed by zeros.
INLINE floats load_part(const void *p, ck_type type, int64_t i, int64_t count) {
  if (type == CK_FLOAT32) {
    const float *q = (const float *)p + i;
    if (count >= LANES) return load(q);
    floats v = 0;
    memcpy(&v, q, (size_t)count * sizeof *q);
    return v;
  }
  const uint16_t *q = (const uint16_t *)p + i;
  if (count >= LANES) return from_bfloat16(*(const unaligned_shorts *)q);
  shorts v = 0;
  memcpy(&v, q, (size_t)count * sizeof *q);
  return from_bfloat16(v);
}

/// Stores the first `count` elements at `p + i`, at most sixteen.
INLINE void store_part(void *p, ck_type type, int64_t i, int64_t count, floats v) {
  if (type == CK_FLOAT32) {
    float *q = (float *)p + i;
    if (count >= LANES) store(q, v);
    else memcpy(q, &v, (size_t)count * sizeof *q);
    return;
  }
  uint16_t *q = (uint16_t *)p + i;
  shorts bits = to_bfloat16(v);
  if (count >= LANES) *(unaligned_shorts *)q = bits;
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

/// e^x for x up to 88, with a relative error below 2e-7. Below -87 the result is 0; NaN remains
/// NaN.
INLINE floats exponential(floats x) {
  ints underflows = x < -87.0f;
  floats t = select_lanes(underflows, (floats)-87.0f, x);
  // Adding 1.5 * 2^23 rounds to an integer. Adding 127 more makes its lowest bits a biased
  // exponent.
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
  return (floats)((ints)scaled & ~underflows);
}
