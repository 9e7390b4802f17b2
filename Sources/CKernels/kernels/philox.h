// Philox 4x32-10, the counter-based generator of Salmon et al. 2011, "Parallel random numbers: as
// easy as 1, 2, 3": a random number is a function of its counter, without other state.
//
// The counter is (block, position, head, sequence); the key is the seed. Group g, 128 columns, uses
// the sixteen blocks 16 g … 16 g + 15: column 128 g + 32 w + 16 h + l is half h (0: lower) of word
// w of block 16 g + l. Sixteen adjacent columns therefore are in one register, without shuffles.

#define RANDOM_GROUP 128

/// Writes the low and high halves of the 64-bit products with `factor`.
INLINE void multiply_wide(words x, uint32_t factor, words *low, words *high) {
  const longs lower = 0xffffffffu;
  longs even = ((longs)x & lower) * (longs)factor;
  longs odd = ((longs)x >> 32) * (longs)factor;
  *low = (words)((even & lower) | (odd << 32));
  *high = (words)((even >> 32) | (odd & ~lower));
}

typedef struct random_group {
  words word[4];
} random_group;

INLINE random_group random_group_at(
    uint64_t seed, int64_t group, uint32_t position, uint32_t head, uint32_t sequence) {
  words c0 = (words)lane_indices + (uint32_t)(group * LANES);
  words c1 = position, c2 = head, c3 = sequence;
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    words low0, high0, low1, high1;
    multiply_wide(c0, 0xD2511F53, &low0, &high0);
    multiply_wide(c2, 0xCD9E8D57, &low1, &high1);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return (random_group){{c0, c1, c2, c3}};
}

/// The random bits of the sixteen columns from column 16 `part` of the group on.
INLINE words random_part(const random_group *group, int part) {
  return group->word[part / 2] >> (part % 2 * 16) & 0xffff;
}

static void random_bits(
    uint64_t seed, uint32_t position, uint32_t head, uint32_t sequence, int64_t count,
    uint16_t *out) {
  for (int64_t column = 0; column < count; column += LANES) {
    random_group group =
        random_group_at(seed, column / RANDOM_GROUP, position, head, sequence);
    words bits = random_part(&group, column % RANDOM_GROUP / LANES);
    for (int64_t i = 0; i < LANES && column + i < count; i++) out[column + i] = (uint16_t)bits[i];
  }
}

/// `scale` for elements that remain, 0 for those that are dropped.
INLINE floats dropout_factor(ck_dropout dropout, const random_group *group, int part) {
  ints is_dropped = (ints)(random_part(group, part) < dropout.threshold);
  return (floats)((ints)(floats)dropout.scale & ~is_dropped);
}
