// Kernels that libtorch lacks, for the CPU, compiled for several instruction sets and chosen at run time.
//
// They know addresses and sizes, not tensors, and work on the calling thread; whoever calls shares the
// work out. A kernel's results do not depend on how it is shared out, and what is random depends on
// (seed, sequence, position, column) alone: neither on threads nor on the instruction set. Sums may be rounded
// differently on another instruction set.
//
// Compiled without optimisation they are right but dozens of times slower: see `ck_is_optimized`.
#ifndef CK_KERNELS_H
#define CK_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ck_type { CK_FLOAT32, CK_BFLOAT16 } ck_type;

/// Rows of numbers; a row's elements are neighbours, rows are `stride` elements apart.
typedef struct ck_rows {
  void *data;
  int64_t stride;
  ck_type type;
} ck_rows;

/// Which elements are dropped: those whose 16 random bits are less than `threshold`; the others are
/// multiplied by `scale`. A threshold of 0 drops none.
typedef struct ck_dropout {
  uint64_t seed;
  uint32_t threshold;
  float scale;
} ck_dropout;

/// Drops with the probability nearest to `probability` that 16 bits can tell, and keeps the expectation.
ck_dropout ck_dropout_make(double probability, uint64_t seed);

/// Attention of one head over one sequence: softmax(Q Kᵀ scale), dropped, times V. Rows are tokens.
typedef struct ck_attention {
  int64_t token_count;
  /// How many tokens ask, the first ones: the rows of `query`, `out`, `log_sum` and their gradients.
  int64_t query_count;
  int64_t head_size;
  float scale;
  ck_dropout dropout;
  /// What the random numbers depend on besides the positions of query and key.
  uint32_t sequence, head;
  ck_rows query, key, value, out;
  /// For each query the logarithm of the sum of its exponentiated scores.
  float *log_sum;
  // Backward only.
  ck_rows out_gradient, query_gradient, key_gradient, value_gradient;
} ck_attention;

/// Rows that are dropped, added to a residual, and normalised: y = norm(drop(x) + residual).
typedef struct ck_norm {
  int64_t row_count, size;
  float epsilon;
  ck_dropout dropout;
  /// Sequence and position of each row.
  const uint32_t *sequences, *positions;
  /// `residual.data` may be NULL. `sum` is what is normalised, kept for the way back.
  ck_rows input, residual, sum, out;
  const float *weight, *bias;
  /// For each row.
  float *mean, *inverse_deviation;
  // Backward only. The gradients of weight and bias are added to; `residual_gradient.data` may be NULL.
  ck_rows out_gradient, input_gradient, residual_gradient;
  float *weight_gradient, *bias_gradient;
} ck_norm;

/// One step of AdamW: g = factor × gradient; p = decay × p; m = m + first_rate (g - m);
/// v = v + second_rate (g² - v); p = p - step_size m / (√v × inverse_root_correction + epsilon).
typedef struct ck_adamw {
  float gradient_factor, decay, first_rate, second_rate, step_size, inverse_root_correction, epsilon;
} ck_adamw;

/// The kernels for one instruction set.
typedef struct ck_kernels {
  const char *name;
  /// Writes the 16 random bits of `count` columns.
  void (*random_bits)(
      uint64_t seed, uint32_t position, uint32_t head, uint32_t sequence, int64_t count,
      uint16_t *out);
  /// C = A B, or C += A B. A's element (i, k) lies at i a_row + k a_column; B and C are row by row;
  /// `n` is a multiple of 16.
  void (*multiply)(
      int64_t m, int64_t n, int64_t k, const float *a, int64_t a_row, int64_t a_column,
      const float *b, int64_t b_row, float *c, int64_t c_row, bool adds);
  void (*attention_forward)(const ck_attention *attention, float *scratch);
  void (*attention_backward)(const ck_attention *attention, float *scratch);
  void (*norm_forward)(const ck_norm *norm);
  void (*norm_backward)(const ck_norm *norm);
  /// Rows of `norm->input` dropped into `norm->out`; also the way back.
  void (*drop)(const ck_norm *norm);
  /// y = x Φ(x), and its gradient; in place if wished.
  void (*gelu_forward)(int64_t count, ck_type type, const void *x, void *y);
  void (*gelu_backward)(
      int64_t count, ck_type type, const void *x, const void *y_gradient, void *x_gradient);
  /// `first` and `second` are the running means of the gradient and of its square.
  void (*adamw)(
      const ck_adamw *step, int64_t count, float *parameter, const float *gradient, float *first,
      float *second);
} ck_kernels;

/// The elements of scratch memory that attention needs, 64-byte aligned.
int64_t ck_attention_scratch(int64_t token_count, int64_t head_size, bool is_backward);

/// The best kernels for this processor.
const ck_kernels *ck_kernels_best(void);

/// All that this processor can run, the plain ones first; returns how many there are.
size_t ck_kernels_all(const ck_kernels *out[4]);

/// Whether the compiler optimised. In debug builds libtorch's own operators are faster.
bool ck_is_optimized(void);

#ifdef __cplusplus
}
#endif
#endif
