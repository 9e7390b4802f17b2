#include <math.h>

#include "ck_kernels.h"

extern const ck_kernels ck_generic, ck_avx2, ck_avx512, ck_avx512bf16;

size_t ck_kernels_all(const ck_kernels *out[4]) {
  size_t count = 0;
  out[count++] = &ck_generic;
#if defined(__x86_64__)
  __builtin_cpu_init();
  // These also check that the operating system saves the registers.
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    out[count++] = &ck_avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      out[count++] = &ck_avx512;
      if (__builtin_cpu_supports("avx512bf16")) out[count++] = &ck_avx512bf16;
    }
  }
#endif
  return count;
}

const ck_kernels *ck_kernels_best(void) {
  const ck_kernels *all[4];
  return all[ck_kernels_all(all) - 1];
}

bool ck_is_optimized(void) {
#ifdef __OPTIMIZE__
  return true;
#else
  return false;
#endif
}

ck_dropout ck_dropout_make(double probability, uint64_t seed) {
  uint32_t threshold = (uint32_t)(probability * 65536 + 0.5);
  if (threshold > 65536) threshold = 65536;
  float keep_probability = (float)(65536 - threshold) / 65536;
  return (ck_dropout){
      .seed = seed,
      .threshold = threshold,
      .scale = keep_probability > 0 ? 1 / keep_probability : 0};
}

int64_t ck_attention_scratch(int64_t token_count, int64_t head_size, bool is_backward) {
  // The layout of `partition_scratch` in attention.h. `partition_pair_scratch` needs less.
  int64_t size = (head_size + 15) / 16 * 16, rounded = (token_count + 15) / 16;
  int64_t row = (rounded | 1) * 16, vectors = rounded * 16 * size;
  int64_t forward = 3 * vectors + size * row + 72 * row + 48 * size;
  return is_backward ? forward + 96 * row + 2 * size * row + 3 * vectors : forward;
}
