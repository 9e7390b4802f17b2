// Attention of one head over one sequence, forward and backward. It processes a block of queries at
// a time and recomputes the scores in backward, so that memory never holds all of them (after Dao
// et al. 2022, "FlashAttention").
//
// The scores of a block, `QUERY_BLOCK` queries against all keys, are in memory at once, so softmax
// knows its maximum and needs no rescaling.
//
// This file computes in float32. If the processor multiplies pairs of bfloat16, bfloat16 rows use
// attention_pairs.h.

/// The scratch memory of one call. `ck_attention_scratch` returns its size.
typedef struct attention_scratch {
  int64_t size, tokens;
  float *query, *key, *value, *out_gradient, *transposed_key, *transposed_value;
  float *scores, *gradients, *query_gradient, *key_gradient, *value_gradient;
} attention_scratch;

static attention_scratch partition_scratch(const ck_attention *a, float *memory) {
  attention_scratch s = {.size = rounded_up(a->head_size), .tokens = padded_row(a->token_count)};
  int64_t vectors = rounded_up(a->token_count) * s.size, across = s.size * s.tokens;
  int64_t block = QUERY_BLOCK * s.tokens;
  s.query = memory;
  s.key = s.query + vectors;
  s.value = s.key + vectors;
  s.transposed_key = s.value + vectors;
  s.scores = s.transposed_key + across;
  s.query_gradient = s.scores + block;
  // Backward only from here on.
  s.gradients = s.query_gradient + QUERY_BLOCK * s.size;
  s.transposed_value = s.gradients + block;
  s.out_gradient = s.transposed_value + across;
  s.key_gradient = s.out_gradient + vectors;
  s.value_gradient = s.key_gradient + vectors;
  return s;
}

static void attention_forward(const ck_attention *a, float *memory) {
#ifdef ADD_PAIRS
  if (is_paired(a)) return attention_pairs_forward(a, memory);
#endif
  attention_scratch s = partition_scratch(a, memory);
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
      a->log_sum[first + i] = softmax_scores(a, first + i, s.scores + i * s.tokens, &inverse[i]);
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

static void attention_backward(const ck_attention *a, float *memory) {
#ifdef ADD_PAIRS
  if (is_paired(a) && a->out_gradient.type == CK_BFLOAT16) return attention_pairs_backward(a, memory);
#endif
  attention_scratch s = partition_scratch(a, memory);
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
      softmax_scores_backward(a, first + i, s.scores + i * s.tokens, s.gradients + i * s.tokens);
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
