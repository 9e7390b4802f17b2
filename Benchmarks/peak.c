// What one core of this processor reaches in multiplications and additions held in registers, in GFLOP/s:
// the limit for every matrix product. bert.py compiles it for the processor that it runs on.
#include <immintrin.h>
#include <stdio.h>
#include <time.h>

#define CHAINS 12
#define ROUNDS 20000000

/// Processor time, so that what else the machine does counts little.
static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/// Prints the best of three tries of so many operations in a round.
#define MEASURE(name, type, zero, step, operations)                                 \
  do {                                                                              \
    double best = 1e9;                                                              \
    for (int attempt = 0; attempt < 3; attempt++) {                                 \
      type sums[CHAINS];                                                            \
      for (int i = 0; i < CHAINS; i++) sums[i] = zero;                              \
      double start = seconds();                                                     \
      for (long round = 0; round < ROUNDS; round++) {                               \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {       \
          sums[i] = step(sums[i]);                                                  \
          __asm__ volatile("" : "+v"(sums[i]));                                     \
        }                                                                           \
      }                                                                             \
      double time = seconds() - start;                                              \
      best = time < best ? time : best;                                             \
    }                                                                               \
    printf("%s %.1f\n", name, (double)ROUNDS * CHAINS * (operations) / best / 1e9); \
  } while (0)

int main(void) {
#if defined(__AVX512F__)
  __m512 x = _mm512_set1_ps(0.5f);
#define ADD(sum) _mm512_fmadd_ps(sum, x, x)
  MEASURE("fp32", __m512, x, ADD, 32);
#elif defined(__AVX2__) && defined(__FMA__)
  __m256 x = _mm256_set1_ps(0.5f);
#define ADD(sum) _mm256_fmadd_ps(sum, x, x)
  MEASURE("fp32", __m256, x, ADD, 16);
#endif
#if defined(__AVX512BF16__)
  __m512bh y = _mm512_cvtne2ps_pbh(x, x);
#define DOT(sum) _mm512_dpbf16_ps(sum, y, y)
  MEASURE("bf16", __m512, x, DOT, 64);
#endif
  return 0;
}
