// Attention of one head over one sequence, forward and backward, without ever holding all scores: a block
// of queries at a time, and computed again on the way back (after Dao et al. 2022, "FlashAttention").
//
// A block's scores against all keys are held at once, `QUERY_BLOCK` rows, so that softmax needs no second
// thought about its maximum.

/// A multiple of the rows of every register block.
#define QUERY_BLOCK 48

INLINE int64_t rounded_up(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

/// Rows an odd number of cache lines long, so that columns do not fall into the same few cache sets.
INLINE int64_t padded_row(int64_t count) {
  int64_t lines = rounded_up(count) / LANES;
  return (lines | 1) * LANES;
}

/// The memory of one call; sizes as `ck_attention_scratch` counts them.
typedef struct attention_scratch {
  int64_t size, tokens;
  float *query, *key, *value, *out_gradient, *transposed_key, *transposed_value;
  float *scores, *gradients, *query_gradient, *key_gradient, *value_gradient;
} attention_scratch;

static attention_scratch lay_out(const ck_attention *a, float *memory) {
  attention_scratch s = {.size = rounded_up(a->head_size), .tokens = padded_row(a->token_count)};
  int64_t vectors = rounded_up(a->token_count) * s.size, across = s.size * s.tokens;
  int64_t block = QUERY_BLOCK * s.tokens;
  s.query = memory;
  s.key = s.query + vectors;
  s.value = s.key + vectors;
  s.transposed_key = s.value + vectors;
  s.scores = s.transposed_key + across;
  s.query_gradient = s.scores + block;
  // From here on backward only.
  s.gradients = s.query_gradient + QUERY_BLOCK * s.size;
  s.transposed_value = s.gradients + block;
  s.out_gradient = s.transposed_value + across;
  s.key_gradient = s.out_gradient + vectors;
  s.value_gradient = s.key_gradient + vectors;
  return s;
}

/// Rows as floats, each filled up with zeros.
static void gather(ck_rows rows, int64_t count, int64_t width, int64_t padded, float *out) {
  for (int64_t i = 0; i < count; i++) {
    for (int64_t j = 0; j < padded; j += LANES) {
      store(out + i * padded + j, load_part(row(rows, i), rows.type, j, width - j));
    }
  }
}

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

/// Turns a query's scores into dropped, unnormalised weights; returns the logarithm of their sum before
/// dropping, and 1 / sum through `inverse`.
INLINE float soften(const ck_attention *a, int64_t query, float *scores, float *inverse) {
  int64_t count = a->token_count;
  ints last = lane_numbers < (int32_t)((count - 1) % LANES + 1);
  int64_t tail = (count - 1) / LANES * LANES;
  floats minimum = -INFINITY;
  floats top = minimum;
  for (int64_t j = 0; j < tail; j += LANES) top = larger(top, load(scores + j));
  top = larger(top, choose(last, load(scores + tail), minimum));
  float shift = maximum(top) * a->scale;
  floats total = 0;
  random_group group = {{0, 0, 0, 0}};
  for (int64_t j = 0; j < count; j += LANES) {
    floats weight = exponential(load(scores + j) * a->scale - shift);
    if (j == tail) weight = choose(last, weight, (floats)0.0f);
    total += weight;
    if (a->dropout.threshold > 0) {
      if (j % RANDOM_GROUP == 0) {
        group = random_group_at(
            a->dropout.seed, j / RANDOM_GROUP, (uint32_t)query, a->head, a->sequence);
      }
      weight *= keep_factor(a->dropout, &group, j % RANDOM_GROUP / LANES);
    }
    store(scores + j, weight);
  }
  float all = sum(total);
  *inverse = 1 / all;
  return shift + logf(all);
}

static void attention_forward(const ck_attention *a, float *memory) {
  attention_scratch s = lay_out(a, memory);
  int64_t count = a->token_count, queries = a->query_count;
  gather(a->query, queries, a->head_size, s.size, s.query);
  gather(a->key, count, a->head_size, s.size, s.key);
  gather(a->value, count, a->head_size, s.size, s.value);
  transpose(s.key, count, s.size, s.transposed_key, s.tokens);
  for (int64_t first = 0; first < queries; first += QUERY_BLOCK) {
    int64_t block = queries - first < QUERY_BLOCK ? queries - first : QUERY_BLOCK;
    multiply(
        block, rounded_up(count), s.size, s.query + first * s.size, s.size, 1, s.transposed_key,
        s.tokens, s.scores, s.tokens, false);
    float inverse[QUERY_BLOCK];
    for (int64_t i = 0; i < block; i++) {
      a->log_sum[first + i] = soften(a, first + i, s.scores + i * s.tokens, &inverse[i]);
    }
    float *out = s.query_gradient;
    multiply(block, s.size, count, s.scores, s.tokens, 1, s.value, s.size, out, s.size, false);
    for (int64_t i = 0; i < block; i++) {
      for (int64_t j = 0; j < s.size; j += LANES) {
        store(out + i * s.size + j, load(out + i * s.size + j) * inverse[i]);
      }
    }
    scatter(out, block, a->head_size, s.size, a->out, first);
  }
}

/// From a query's scores and the gradients of its dropped weights: the dropped weights, and the gradients
/// of the scores. `mean` is the weighted mean of the gradients.
INLINE void harden(
    const ck_attention *a, int64_t query, float mean, float *scores, float *gradients) {
  int64_t count = a->token_count, tail = (count - 1) / LANES * LANES;
  ints last = lane_numbers < (int32_t)((count - 1) % LANES + 1);
  float log_sum = a->log_sum[query];
  random_group group = {{0, 0, 0, 0}};
  for (int64_t j = 0; j < count; j += LANES) {
    floats weight = exponential(load(scores + j) * a->scale - log_sum);
    if (j == tail) weight = choose(last, weight, (floats)0.0f);
    floats factor = 1;
    if (a->dropout.threshold > 0) {
      if (j % RANDOM_GROUP == 0) {
        group = random_group_at(
            a->dropout.seed, j / RANDOM_GROUP, (uint32_t)query, a->head, a->sequence);
      }
      factor = keep_factor(a->dropout, &group, j % RANDOM_GROUP / LANES);
    }
    floats gradient = load(gradients + j) * factor - mean;
    store(gradients + j, weight * gradient * a->scale);
    store(scores + j, weight * factor);
  }
}

static void attention_backward(const ck_attention *a, float *memory) {
  attention_scratch s = lay_out(a, memory);
  int64_t count = a->token_count, queries = a->query_count;
  gather(a->query, queries, a->head_size, s.size, s.query);
  gather(a->key, count, a->head_size, s.size, s.key);
  gather(a->value, count, a->head_size, s.size, s.value);
  gather(a->out_gradient, queries, a->head_size, s.size, s.out_gradient);
  transpose(s.key, count, s.size, s.transposed_key, s.tokens);
  transpose(s.value, count, s.size, s.transposed_value, s.tokens);
  memset(s.key_gradient, 0, sizeof(float) * (size_t)(count * s.size));
  memset(s.value_gradient, 0, sizeof(float) * (size_t)(count * s.size));
  for (int64_t first = 0; first < queries; first += QUERY_BLOCK) {
    int64_t block = queries - first < QUERY_BLOCK ? queries - first : QUERY_BLOCK;
    const float *query = s.query + first * s.size, *incoming = s.out_gradient + first * s.size;
    multiply(
        block, rounded_up(count), s.size, query, s.size, 1, s.transposed_key, s.tokens, s.scores,
        s.tokens, false);
    multiply(
        block, rounded_up(count), s.size, incoming, s.size, 1, s.transposed_value, s.tokens,
        s.gradients, s.tokens, false);
    for (int64_t i = 0; i < block; i++) {
      floats products = 0;
      for (int64_t j = 0; j < s.size; j += LANES) {
        floats out =
            load_part(row(a->out, first + i), a->out.type, j, a->head_size - j);
        products += out * load(incoming + i * s.size + j);
      }
      harden(
          a, first + i, sum(products), s.scores + i * s.tokens, s.gradients + i * s.tokens);
    }
    multiply(
        block, s.size, count, s.gradients, s.tokens, 1, s.key, s.size, s.query_gradient, s.size,
        false);
    scatter(s.query_gradient, block, a->head_size, s.size, a->query_gradient, first);
    multiply(
        count, s.size, block, s.gradients, 1, s.tokens, query, s.size, s.key_gradient, s.size,
        true);
    multiply(
        count, s.size, block, s.scores, 1, s.tokens, incoming, s.size, s.value_gradient, s.size,
        true);
  }
  scatter(s.key_gradient, count, a->head_size, s.size, a->key_gradient, 0);
  scatter(s.value_gradient, count, a->head_size, s.size, a->value_gradient, 0);
}
