// Attention over bfloat16 rows. Each instruction adds two products to a sum, which is twice as fast
// as float32. Attention weights and gradients of scores are rounded to bfloat16; sums are float32.
//
// A pair is a 32-bit word with the earlier element in its lower half. Rows of bfloat16 already are
// pairs of columns. Pairs of rows are built from them.

INLINE bool is_paired(const ck_attention *a) {
  return a->query.type == CK_BFLOAT16 && a->key.type == CK_BFLOAT16 && a->value.type == CK_BFLOAT16;
}

/// The scratch memory of one call. `ck_attention_scratch` returns a sufficient size.
typedef struct pair_scratch {
  int64_t size, tokens;
  /// The numbers of pairs of columns, tokens and queries. The last pair may be padded.
  int64_t columns, token_pairs, query_pairs;
  /// Row: token. Elements: pairs of columns.
  uint32_t *query, *key, *value, *out_gradient;
  /// Row: pair of columns. Elements: tokens.
  uint32_t *transposed_key, *transposed_value;
  /// Row: column. Elements: pairs of queries.
  uint32_t *transposed_query, *transposed_out_gradient;
  /// Row: pair of tokens. Forward uses the values, backward the keys, in the same memory.
  uint32_t *value_pairs, *key_pairs;
  /// Of one block. `rows`: one row per query, pairs of tokens. The others: one row per pair of
  /// queries.
  uint32_t *rows, *score_pairs, *gradient_pairs;
  float *scores, *gradients, *out;
  /// Row: column. Elements: tokens.
  float *key_gradient, *value_gradient;
} pair_scratch;

static pair_scratch partition_pair_scratch(const ck_attention *a, float *memory) {
  pair_scratch s = {.size = rounded_up(a->head_size), .tokens = padded_row(a->token_count)};
  s.columns = s.size / 2;
  s.token_pairs = (a->token_count + 1) / 2;
  s.query_pairs = (a->query_count + 1) / 2;
  int64_t block = QUERY_BLOCK * s.tokens, halves = 2 * s.token_pairs * s.columns;
  uint32_t *words = (uint32_t *)(s.scores = memory) + block;
#define PART(field, count) s.field = (void *)words, words += (count)
  PART(out, QUERY_BLOCK * s.size);
  PART(rows, block / 2);
  PART(key, halves);
  PART(value, halves);
  PART(transposed_key, s.columns * s.tokens);
  PART(value_pairs, halves);
  PART(query, halves);
  // Backward only from here on.
  PART(gradients, block);
  PART(score_pairs, block / 2);
  PART(gradient_pairs, block / 2);
  PART(out_gradient, halves);
  PART(transposed_value, s.columns * s.tokens);
  PART(key_gradient, s.size * s.tokens);
  PART(value_gradient, s.size * s.tokens);
  PART(transposed_query, halves);
  PART(transposed_out_gradient, halves);
#undef PART
  s.key_pairs = s.value_pairs;
  return s;
}

/// Copies rows, pads each with zeros, and pads an odd count with a row of zeros.
static void gather_pairs(ck_rows rows, int64_t count, int64_t width, int64_t columns, uint32_t *out) {
  for (int64_t i = 0; i < count; i++) {
    memset(out + i * columns, 0, sizeof *out * (size_t)columns);
    memcpy(out + i * columns, row(rows, i), sizeof(uint16_t) * (size_t)width);
  }
  if (count % 2 == 1) memset(out + count * columns, 0, sizeof *out * (size_t)columns);
}

static void transpose_pairs(
    const uint32_t *in, int64_t count, int64_t columns, uint32_t *out, int64_t out_row) {
  for (int64_t j = 0; j < columns; j++) {
    for (int64_t i = 0; i < count; i++) out[j * out_row + i] = in[i * columns + j];
    for (int64_t i = count; i < rounded_up(count); i++) out[j * out_row + i] = 0;
  }
}

/// Converts pairs of columns to pairs of rows. Element (pair, column) is at pair out_pair + column
/// out_column.
static void pair_rows(
    const uint32_t *in, int64_t pairs, int64_t columns, uint32_t *out, int64_t out_pair,
    int64_t out_column) {
  for (int64_t i = 0; i < pairs; i++) {
    const uint32_t *even = in + 2 * i * columns, *odd = even + columns;
    for (int64_t j = 0; j < columns; j++) {
      uint32_t *to = out + i * out_pair + 2 * j * out_column;
      to[0] = (even[j] & 0xffff) | odd[j] << 16;
      to[out_column] = even[j] >> 16 | (odd[j] & 0xffff0000);
    }
  }
}

typedef __bf16 bfloats __attribute__((ext_vector_type(LANES)));

/// Rounds sixteen floats to bfloat16 with one instruction.
INLINE shorts rounded(const float *p) {
  return (shorts)__builtin_convertvector(load(p), bfloats);
}

/// Rounds the float rows of a block to pairs of tokens.
static void round_rows(const pair_scratch *s, int64_t block, const float *in) {
  for (int64_t i = 0; i < block; i++) {
    uint16_t *out = (uint16_t *)(s->rows + i * s->tokens / 2);
    for (int64_t j = 0; j < 2 * s->token_pairs; j += LANES) {
      *(unaligned_shorts *)(out + j) = rounded(in + i * s->tokens + j);
    }
  }
}

/// Rounds the float rows of a block to pairs of queries.
static void round_pairs(const pair_scratch *s, int64_t block, const float *in, uint32_t *out) {
  for (int64_t i = 0; i < block; i += 2) {
    for (int64_t j = 0; j < rounded_up(2 * s->token_pairs); j += LANES) {
      const float *even = in + i * s->tokens + j;
      words pair = __builtin_convertvector(rounded(even), words);
      if (i + 1 < block) {
        pair |= __builtin_convertvector(rounded(even + s->tokens), words) << 16;
      }
      store((float *)(out + i / 2 * s->tokens + j), (floats)pair);
    }
  }
}

static void attention_pairs_forward(const ck_attention *a, float *memory) {
  pair_scratch s = partition_pair_scratch(a, memory);
  int64_t count = a->token_count, queries = a->query_count;
  gather_pairs(a->query, queries, a->head_size, s.columns, s.query);
  gather_pairs(a->key, count, a->head_size, s.columns, s.key);
  gather_pairs(a->value, count, a->head_size, s.columns, s.value);
  transpose_pairs(s.key, count, s.columns, s.transposed_key, s.tokens);
  pair_rows(s.value, s.token_pairs, s.columns, s.value_pairs, s.size, 1);
  for (int64_t first = 0; first < queries; first += QUERY_BLOCK) {
    int64_t block = queries - first < QUERY_BLOCK ? queries - first : QUERY_BLOCK;
    multiply_pairs(
        block, rounded_up(count), s.columns, s.query + first * s.columns, s.columns, 1,
        s.transposed_key, s.tokens, s.scores, s.tokens, false);
    float inverse[QUERY_BLOCK];
    for (int64_t i = 0; i < block; i++) {
      a->log_sum[first + i] = softmax_scores(a, first + i, s.scores + i * s.tokens, &inverse[i]);
    }
    round_rows(&s, block, s.scores);
    multiply_pairs(
        block, s.size, s.token_pairs, s.rows, s.tokens / 2, 1, s.value_pairs, s.size, s.out, s.size,
        false);
    for (int64_t i = 0; i < block; i++) {
      for (int64_t j = 0; j < s.size; j += LANES) {
        store(s.out + i * s.size + j, load(s.out + i * s.size + j) * inverse[i]);
      }
    }
    scatter(s.out, block, a->head_size, s.size, a->out, first);
  }
}

static void attention_pairs_backward(const ck_attention *a, float *memory) {
  pair_scratch s = partition_pair_scratch(a, memory);
  int64_t count = a->token_count, queries = a->query_count;
  gather_pairs(a->query, queries, a->head_size, s.columns, s.query);
  gather_pairs(a->key, count, a->head_size, s.columns, s.key);
  gather_pairs(a->value, count, a->head_size, s.columns, s.value);
  gather_pairs(a->out_gradient, queries, a->head_size, s.columns, s.out_gradient);
  transpose_pairs(s.key, count, s.columns, s.transposed_key, s.tokens);
  transpose_pairs(s.value, count, s.columns, s.transposed_value, s.tokens);
  pair_rows(s.key, s.token_pairs, s.columns, s.key_pairs, s.size, 1);
  pair_rows(s.query, s.query_pairs, s.columns, s.transposed_query, 1, s.query_pairs);
  pair_rows(s.out_gradient, s.query_pairs, s.columns, s.transposed_out_gradient, 1, s.query_pairs);
  memset(s.key_gradient, 0, sizeof(float) * (size_t)(s.size * s.tokens));
  memset(s.value_gradient, 0, sizeof(float) * (size_t)(s.size * s.tokens));
  for (int64_t first = 0; first < queries; first += QUERY_BLOCK) {
    int64_t block = queries - first < QUERY_BLOCK ? queries - first : QUERY_BLOCK;
    multiply_pairs(
        block, rounded_up(count), s.columns, s.query + first * s.columns, s.columns, 1,
        s.transposed_key, s.tokens, s.scores, s.tokens, false);
    multiply_pairs(
        block, rounded_up(count), s.columns, s.out_gradient + first * s.columns, s.columns, 1,
        s.transposed_value, s.tokens, s.gradients, s.tokens, false);
    for (int64_t i = 0; i < block; i++) {
      softmax_scores_backward(a, first + i, s.scores + i * s.tokens, s.gradients + i * s.tokens);
    }
    round_rows(&s, block, s.gradients);
    multiply_pairs(
        block, s.size, s.token_pairs, s.rows, s.tokens / 2, 1, s.key_pairs, s.size, s.out, s.size,
        false);
    scatter(s.out, block, a->head_size, s.size, a->query_gradient, first);
    round_pairs(&s, block, s.gradients, s.gradient_pairs);
    round_pairs(&s, block, s.scores, s.score_pairs);
    int64_t pairs = (block + 1) / 2;
    multiply_pairs(
        s.size, rounded_up(count), pairs, s.transposed_query + first / 2, s.query_pairs, 1,
        s.gradient_pairs, s.tokens, s.key_gradient, s.tokens, true);
    multiply_pairs(
        s.size, rounded_up(count), pairs, s.transposed_out_gradient + first / 2, s.query_pairs, 1,
        s.score_pairs, s.tokens, s.value_gradient, s.tokens, true);
  }
  for (int which = 0; which < 2; which++) {
    const float *gradient = which == 0 ? s.key_gradient : s.value_gradient;
    // Transposes from one row per column to one row per token.
    for (int64_t first = 0; first < count; first += LANES) {
      int64_t rows = count - first < LANES ? count - first : LANES;
      for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < s.size; j++) {
          s.out[i * s.size + j] = gradient[j * s.tokens + first + i];
        }
      }
      scatter(
          s.out, rows, a->head_size, s.size, which == 0 ? a->key_gradient : a->value_gradient, first);
    }
  }
}
