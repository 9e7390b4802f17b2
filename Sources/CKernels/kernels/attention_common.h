// The steps of attention that the float32 and the bfloat16 implementation share.

/// Queries per block: a multiple of the row count of every register block.
#define QUERY_BLOCK 48

INLINE int64_t rounded_up(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

/// Pads rows to an odd number of cache lines: the elements of a column then do not share a few
/// cache sets.
INLINE int64_t padded_row(int64_t count) {
  int64_t lines = rounded_up(count) / LANES;
  return (lines | 1) * LANES;
}

/// Converts rows to floats and pads each with zeros.
static void gather(ck_rows rows, int64_t count, int64_t width, int64_t padded, float *out) {
  for (int64_t i = 0; i < count; i++) {
    for (int64_t j = 0; j < padded; j += LANES) {
      store(out + i * padded + j, load_part(row(rows, i), rows.type, j, width - j));
    }
  }
}

/// Writes rows of floats to rows from `first` on, in their type.
static void scatter(
    const float *in, int64_t count, int64_t width, int64_t padded, ck_rows rows, int64_t first) {
  for (int64_t i = 0; i < count; i++) {
    for (int64_t j = 0; j < width; j += LANES) {
      store_part(row(rows, first + i), rows.type, j, width - j, load(in + i * padded + j));
    }
  }
}

static void transpose(const float *in, int64_t count, int64_t width, float *out, int64_t out_row) {
  for (int64_t j = 0; j < width; j++) {
    for (int64_t i = 0; i < count; i++) out[j * out_row + i] = in[i * width + j];
    for (int64_t i = count; i < rounded_up(count); i++) out[j * out_row + i] = 0;
  }
}

/// Replaces the scores of a query with unnormalized attention weights after dropout.
///
/// Returns the log-sum-exp of the scores. `inverse` receives 1 / the sum of the weights before
/// dropout.
INLINE float softmax_scores(const ck_attention *a, int64_t query, float *scores, float *inverse) {
  int64_t count = a->token_count;
  ints last = lane_indices < (int32_t)((count - 1) % LANES + 1);
  int64_t tail = (count - 1) / LANES * LANES;
  floats minimum = -INFINITY;
  floats highest = minimum;
  for (int64_t j = 0; j < tail; j += LANES) highest = max_lanes(highest, load(scores + j));
  highest = max_lanes(highest, select_lanes(last, load(scores + tail), minimum));
  float shift = maximum(highest) * a->scale;
  floats total = 0;
  random_group group = {{0, 0, 0, 0}};
  for (int64_t j = 0; j < count; j += LANES) {
    floats weight = exponential(load(scores + j) * a->scale - shift);
    if (j == tail) weight = select_lanes(last, weight, (floats)0.0f);
    total += weight;
    if (a->dropout.threshold > 0) {
      if (j % RANDOM_GROUP == 0) {
        group = random_group_at(
            a->dropout.seed, j / RANDOM_GROUP, (uint32_t)query, a->head, a->sequence);
      }
      weight *= dropout_factor(a->dropout, &group, j % RANDOM_GROUP / LANES);
    }
    store(scores + j, weight);
  }
  float all = sum(total);
  *inverse = 1 / all;
  return shift + logf(all);
}

/// Replaces the scores of a query with its attention weights after dropout, and the gradients of
/// those weights with the gradients of the scores.
INLINE void softmax_scores_backward(
    const ck_attention *a, int64_t query, float *scores, float *gradients) {
  // The weighted mean of the gradients is the dot product of the output and its gradient.
  floats products = 0;
  for (int64_t j = 0; j < a->head_size; j += LANES) {
    products += load_part(row(a->out, query), a->out.type, j, a->head_size - j) *
                load_part(row(a->out_gradient, query), a->out_gradient.type, j, a->head_size - j);
  }
  float mean = sum(products);
  int64_t count = a->token_count, tail = (count - 1) / LANES * LANES;
  ints last = lane_indices < (int32_t)((count - 1) % LANES + 1);
  float log_sum = a->log_sum[query];
  random_group group = {{0, 0, 0, 0}};
  for (int64_t j = 0; j < count; j += LANES) {
    floats weight = exponential(load(scores + j) * a->scale - log_sum);
    if (j == tail) weight = select_lanes(last, weight, (floats)0.0f);
    floats factor = 1;
    if (a->dropout.threshold > 0) {
      if (j % RANDOM_GROUP == 0) {
        group = random_group_at(
            a->dropout.seed, j / RANDOM_GROUP, (uint32_t)query, a->head, a->sequence);
      }
      factor = dropout_factor(a->dropout, &group, j % RANDOM_GROUP / LANES);
    }
    floats gradient = load(gradients + j) * factor - mean;
    store(gradients + j, weight * gradient * a->scale);
    store(scores + j, weight * factor);
  }
}

