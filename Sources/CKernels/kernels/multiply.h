// Small matrix products in register blocks: registers hold rows x columns vectors of C during the
// loop over k.
//
// Included once per kind of product. The including file defines
// - MULTIPLY(part): the names of the functions,
// - ELEMENT: the type of an element of A and B,
// - ADD_PRODUCT(sum, factor, b): adds to `sum` the products of an element of A and sixteen elements
//   of B.

INLINE void MULTIPLY(_block)(
    const int rows, const int columns, int64_t k_count, const ELEMENT *a, int64_t a_row,
    int64_t a_column, const ELEMENT *b, int64_t b_row, float *c, int64_t c_row, bool accumulate) {
  floats sums[MAX_ROWS][MAX_COLUMNS];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      sums[i][j] = accumulate ? load(c + i * c_row + j * LANES) : (floats)0.0f;
    }
  }
  for (int64_t k = 0; k < k_count; k++) {
    floats b_part[MAX_COLUMNS];
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) b_part[j] = load((const float *)(b + k * b_row + j * LANES));
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      ELEMENT factor = a[i * a_row + k * a_column];
#pragma clang loop unroll(full)
      for (int j = 0; j < columns; j++) ADD_PRODUCT(sums[i][j], factor, b_part[j]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) store(c + i * c_row + j * LANES, sums[i][j]);
  }
}

/// All rows of C in a strip `columns` vectors wide.
#define STRIP(columns, rows)                                                                       \
  static void MULTIPLY(_strip_##columns)(                                                          \
      int64_t m, int64_t k, const ELEMENT *a, int64_t a_row, int64_t a_column, const ELEMENT *b,   \
      int64_t b_row, float *c, int64_t c_row, bool accumulate) {                                   \
    int64_t i = 0;                                                                                 \
    for (; i + rows <= m; i += rows)                                                               \
      MULTIPLY(_block)(                                                                            \
          rows, columns, k, a + i * a_row, a_row, a_column, b, b_row, c + i * c_row, c_row,        \
          accumulate);                                                                             \
    for (; i + 2 <= m; i += 2)                                                                     \
      MULTIPLY(_block)(                                                                            \
          2, columns, k, a + i * a_row, a_row, a_column, b, b_row, c + i * c_row, c_row,           \
          accumulate);                                                                             \
    for (; i < m; i++)                                                                             \
      MULTIPLY(_block)(                                                                            \
          1, columns, k, a + i * a_row, a_row, a_column, b, b_row, c + i * c_row, c_row,           \
          accumulate);                                                                             \
  }

STRIP(1, ROWS_1)
#if MAX_COLUMNS > 1
STRIP(2, ROWS_2)
STRIP(3, ROWS_3)
STRIP(4, ROWS_4)
#endif

static void MULTIPLY()(
    int64_t m, int64_t n, int64_t k, const ELEMENT *a, int64_t a_row, int64_t a_column,
    const ELEMENT *b, int64_t b_row, float *c, int64_t c_row, bool accumulate) {
  int64_t left = n / LANES;
  while (left > 0) {
#if MAX_COLUMNS > 1
    // Three at a time, but never a single one at the end.
    int64_t width = left == 4 || left == 2 ? left : left < 3 ? left : 3;
#else
    int64_t width = 1;
#endif
    switch (width) {
#if MAX_COLUMNS > 1
    case 4: MULTIPLY(_strip_4)(m, k, a, a_row, a_column, b, b_row, c, c_row, accumulate); break;
    case 3: MULTIPLY(_strip_3)(m, k, a, a_row, a_column, b, b_row, c, c_row, accumulate); break;
    case 2: MULTIPLY(_strip_2)(m, k, a, a_row, a_column, b, b_row, c, c_row, accumulate); break;
#endif
    default: MULTIPLY(_strip_1)(m, k, a, a_row, a_column, b, b_row, c, c_row, accumulate);
    }
    b += width * LANES;
    c += width * LANES;
    left -= width;
  }
}

#undef STRIP
#undef ADD_PRODUCT
#undef ELEMENT
#undef MULTIPLY
