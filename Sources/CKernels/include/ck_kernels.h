// CPU kernels that libtorch lacks, compiled for several instruction sets and selected at run time.
//
// A kernel receives addresses and sizes, not tensors, and runs on the calling thread; the caller
// divides the work among threads. Results do not depend on how the work is divided. Random bits
// depend only on (seed, sequence, position, column), not on threads or the instruction set. The
// rounding of sums may differ between instruction sets.
//
// Without compiler optimization the kernels are correct but dozens of times slower: see
// `ck_is_optimized`.
#ifndef CK_KERNELS_H
#define CK_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ck_type { CK_FLOAT32, CK_BFLOAT16 } ck_type;

/// Rows of elements. The elements of a row are contiguous; rows are `stride` elements apart.
typedef struct ck_rows {
  void *data;
  int64_t stride;
  ck_type type;
} ck_rows;

/// Drops the elements whose 16 random bits are less than `threshold` and multiplies the others by
/// `scale`. A threshold of 0 drops none.
typedef struct ck_dropout {
  uint64_t seed;
  uint32_t threshold;
  float scale;
} ck_dropout;

/// Drops with `probability`, rounded to a multiple of 2^-16, and preserves the expected value.
ck_dropout ck_dropout_make(double probability, uint64_t seed);

/// Attention of one head over one sequence: dropout(softmax(Q Kᵀ scale)) V. Rows are tokens.
typedef struct ck_attention {
  int64_t token_count;
  /// The number of queries: one for each of the first `query_count` tokens. It is the row count of
  /// `query`, `out`, `log_sum` and their gradients.
  int64_t query_count;
  int64_t head_size;
  float scale;
  ck_dropout dropout;
  /// Inputs of the random generator, together with the positions of query and key.
  uint32_t sequence, head;
  ck_rows query, key, value, out;
  /// The log-sum-exp of the scores of each query.
  float *log_sum;
  // Backward only.
  ck_rows out_gradient, query_gradient, key_gradient, value_gradient;
} ck_attention;

/// Dropout, residual and layer normalization of rows: y = norm(dropout(x) + residual).
typedef struct ck_norm {
  int64_t row_count, size;
  float epsilon;
  ck_dropout dropout;
  /// The sequence of each row, and its position in it.
  const uint32_t *sequences, *positions;
  /// `residual.data` may be NULL. `sum`, the input of the normalization, is saved for backward.
  ck_rows input, residual, sum, out;
  const float *weight, *bias;
  /// One element per row.
  float *mean, *inverse_deviation;
  // Backward only. Weight and bias gradients are accumulated; `residual_gradient.data` may be NULL.
  ck_rows out_gradient, input_gradient, residual_gradient;
  float *weight_gradient, *bias_gradient;
} ck_norm;

/// One step of AdamW with g = gradient_factor × gradient:
///
///     p = decay × p
///     exp_avg = exp_avg + exp_avg_weight (g - exp_avg)
///     exp_avg_sq = exp_avg_sq + exp_avg_sq_weight (g² - exp_avg_sq)
///     p = p - step_size exp_avg / (√exp_avg_sq × inverse_root_correction + epsilon)
typedef struct ck_adamw {
  float gradient_factor, decay, exp_avg_weight, exp_avg_sq_weight, step_size;
  float inverse_root_correction, epsilon;
} ck_adamw;

/// The kernels for one instruction set.
typedef struct ck_kernels {
  const char *name;
  /// Writes 16 random bits for each of `count` columns.
  void (*random_bits)(
      uint64_t seed, uint32_t position, uint32_t head, uint32_t sequence, int64_t count,
      uint16_t *out);
  /// C = A B, or C += A B if `accumulate`. Element (i, k) of A is at i a_row + k a_column. B and C
  /// are row-major. `n` is a multiple of 16.
  void (*multiply)(
      int64_t m, int64_t n, int64_t k, const float *a, int64_t a_row, int64_t a_column,
      const float *b, int64_t b_row, float *c, int64_t c_row, bool accumulate);
  void (*attention_forward)(const ck_attention *attention, float *scratch);
  void (*attention_backward)(const ck_attention *attention, float *scratch);
  void (*norm_forward)(const ck_norm *norm);
  void (*norm_backward)(const ck_norm *norm);
  /// Writes `norm->input` with dropout applied to `norm->out`; forward and backward.
  void (*dropout)(const ck_norm *norm);
  /// y = x Φ(x), and its gradient. The output may be the input.
  void (*gelu_forward)(int64_t count, ck_type type, const void *x, void *y);
  void (*gelu_backward)(
      int64_t count, ck_type type, const void *x, const void *y_gradient, void *x_gradient);
  void (*adamw)(
      const ck_adamw *step, int64_t count, float *parameter, const float *gradient, float *exp_avg,
      float *exp_avg_sq);
} ck_kernels;

/// The size of the scratch memory for attention, in floats. The memory must be 64-byte aligned.
int64_t ck_attention_scratch(int64_t token_count, int64_t head_size, bool is_backward);

/// The best kernels for this processor.
const ck_kernels *ck_kernels_best(void);

/// Writes all kernels that this processor can run, the generic ones first; returns their count.
size_t ck_kernels_all(const ck_kernels *out[4]);

/// Whether the kernels were compiled with optimization. In debug builds libtorch's operators are
/// faster.
bool ck_is_optimized(void);

#ifdef __cplusplus
}
#endif
#endif
