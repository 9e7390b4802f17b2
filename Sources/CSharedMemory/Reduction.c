#include "CSharedMemory.h"

#include <string.h>

struct loops {
  size_t size, accumulator_size;
  struct {
    void (*begin)(void *into, const void *left, const void *right, size_t n);
    void (*fold)(void *into, const void *source, size_t n);
  } ops[8];
  void (*divide)(void *values, size_t divisor, size_t n);
  void (*store)(void *to, const void *values, size_t n);
  void (*store_twice)(void *to, void *also, const void *values, size_t n);
};

typedef uint16_t half_bits;

static inline float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// bfloat16 is the upper half of a float32. Rounds to nearest, ties to even; NaN stays NaN.
static inline __attribute__((always_inline)) float bf16_load(uint16_t bits) {
  return float_of((uint32_t)bits << 16);
}
static inline __attribute__((always_inline)) uint16_t bf16_store(float value) {
  uint32_t bits = bits_of(value);
  uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  uint32_t nan = (bits >> 16) | 0x40;
  return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? nan : rounded);
}

// float16 conversions for processors without instructions for them.
static float plain_half_load(half_bits half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = (half >> 10) & 31, rest = half & 1023;
  if (exponent == 31) return float_of(sign | 0x7f800000 | (rest ? (rest << 13) | 0x400000 : 0));
  if (exponent != 0) return float_of(sign | ((exponent + 112) << 23) | (rest << 13));
  float value = (float)rest * 0x1p-24f;
  return sign ? -value : value;
}
static half_bits plain_half_store(float value) {
  uint32_t bits = bits_of(value), sign = (bits >> 16) & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return (half_bits)(sign | 0x7e00 | ((magnitude >> 13) & 1023));
  if (magnitude >= 0x477ff000) return (half_bits)(sign | 0x7c00);
  if (magnitude < 0x38800000) {
    // Subnormal: adding 0.5 aligns the units of float16 with the last bits, and rounds to even.
    return (half_bits)(sign | (bits_of(float_of(magnitude) + 0.5f) - 0x3f000000));
  }
  uint32_t rounded = magnitude - (112u << 23);
  return (half_bits)(sign | ((rounded + 0xfff + ((rounded >> 13) & 1)) >> 13));
}

#define NAMED(name) plain_##name
#define NAMED_HALF(name) plain_half_##name
#include "Loops.h"
#undef NAMED
#undef NAMED_HALF

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,f16c"))), apply_to = function)
static inline __attribute__((always_inline)) float avx2_half_load(half_bits half) {
  _Float16 value;
  memcpy(&value, &half, sizeof value);
  return (float)value;
}
static inline __attribute__((always_inline)) half_bits avx2_half_store(float value) {
  _Float16 half = (_Float16)value;
  half_bits bits;
  memcpy(&bits, &half, sizeof bits);
  return bits;
}
#define NAMED(name) avx2_##name
#define NAMED_HALF(name) avx2_half_##name
#include "Loops.h"
#undef NAMED
#undef NAMED_HALF

static void streaming_copy(char *to, const char *from, size_t size) {
  size_t head = -(uintptr_t)to & 31;
  if (head > size) head = size;
  memcpy(to, from, head);
  to += head, from += head, size -= head;
  for (; size >= 128; to += 128, from += 128, size -= 128) {
    __m256i a = _mm256_loadu_si256((const __m256i *)from);
    __m256i b = _mm256_loadu_si256((const __m256i *)(from + 32));
    __m256i c = _mm256_loadu_si256((const __m256i *)(from + 64));
    __m256i d = _mm256_loadu_si256((const __m256i *)(from + 96));
    _mm256_stream_si256((__m256i *)to, a);
    _mm256_stream_si256((__m256i *)(to + 32), b);
    _mm256_stream_si256((__m256i *)(to + 64), c);
    _mm256_stream_si256((__m256i *)(to + 96), d);
  }
  _mm_sfence();
  memcpy(to, from, size);
}
#pragma clang attribute pop

#pragma clang attribute push(                                                                        \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,f16c"))), apply_to = function)
static inline __attribute__((always_inline)) float avx512_half_load(half_bits half) {
  _Float16 value;
  memcpy(&value, &half, sizeof value);
  return (float)value;
}
static inline __attribute__((always_inline)) half_bits avx512_half_store(float value) {
  _Float16 half = (_Float16)value;
  half_bits bits;
  memcpy(&bits, &half, sizeof bits);
  return bits;
}
#define NAMED(name) avx512_##name
#define NAMED_HALF(name) avx512_half_##name
#include "Loops.h"
#pragma clang attribute pop

enum csm_isa csm_best_isa(void) {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return CSM_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c")) return CSM_AVX2;
  return CSM_PLAIN;
}

void csm_copy(void *to, const void *from, size_t size, int streaming) {
  if (streaming && size >= 4096 && __builtin_cpu_supports("avx2"))
    streaming_copy(to, from, size);
  else
    memcpy(to, from, size);
}

static const struct loops *loops_of(enum csm_isa isa, enum csm_type type) {
  switch (isa) {
    case CSM_AVX512:
      return &avx512_table[type];
    case CSM_AVX2:
      return &avx2_table[type];
    default:
      return &plain_table[type];
  }
}

#else

enum csm_isa csm_best_isa(void) { return CSM_PLAIN; }

void csm_copy(void *to, const void *from, size_t size, int streaming) { memcpy(to, from, size); }

static const struct loops *loops_of(enum csm_isa isa, enum csm_type type) {
  return &plain_table[type];
}

#endif

// A block of accumulators stays in the L1 cache.
#define BLOCK_BYTES 8192

void csm_reduce(
    enum csm_isa isa, enum csm_type type, enum csm_op op, void *first, void *second,
    const void *const *sources, size_t source_count, size_t count) {
  const struct loops *loops = loops_of(isa, type);
  size_t size = loops->size, block = BLOCK_BYTES / loops->accumulator_size;
  if (source_count == 1) {
    if (first != sources[0]) memmove(first, sources[0], count * size);
    if (second && second != sources[0]) memmove(second, sources[0], count * size);
    return;
  }
  _Alignas(64) char accumulators[BLOCK_BYTES];
  for (size_t done = 0; done < count; done += block) {
    size_t n = count - done < block ? count - done : block, offset = done * size;
    loops->ops[op].begin(
        accumulators, (const char *)sources[0] + offset, (const char *)sources[1] + offset, n);
    for (size_t i = 2; i < source_count; i++)
      loops->ops[op].fold(accumulators, (const char *)sources[i] + offset, n);
    if (op == CSM_AVG) loops->divide(accumulators, source_count, n);
    if (second)
      loops->store_twice((char *)first + offset, (char *)second + offset, accumulators, n);
    else
      loops->store((char *)first + offset, accumulators, n);
  }
}
