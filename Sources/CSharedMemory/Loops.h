// The loops of csm_reduce for one instruction set. Included once per instruction set, with
// NAMED(name) defined as the name of its functions. `S` is the type in memory, `A` the type of the
// accumulators.

#define VECTORIZED _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

// Begin combines the first two sources into the accumulators; fold adds another source.
#define LOOPS(NAME, S, A, LOAD, EXPRESSION)                                                          \
  static void NAMED(NAME##_begin)(void *into, const void *left, const void *right, size_t n) {     \
    A *acc = into;                                                                                 \
    const S *x = left, *y = right;                                                                 \
    VECTORIZED for (size_t i = 0; i < n; i++) {                                                    \
      A a = LOAD(x[i]), b = LOAD(y[i]);                                                            \
      acc[i] = (A)(EXPRESSION);                                                                    \
    }                                                                                              \
  }                                                                                                \
  static void NAMED(NAME##_fold)(void *into, const void *source, size_t n) {                       \
    A *acc = into;                                                                                 \
    const S *y = source;                                                                           \
    VECTORIZED for (size_t i = 0; i < n; i++) {                                                    \
      A a = acc[i], b = LOAD(y[i]);                                                                \
      acc[i] = (A)(EXPRESSION);                                                                    \
    }                                                                                              \
  }

#define STORE_LOOPS(TYPE, S, A, COUNT, STORE, QUOTIENT)                                                     \
  static void NAMED(TYPE##_divide)(void *values, size_t divisor, size_t n) {                       \
    A *acc = values;                                                                                \
    COUNT count = (COUNT)divisor;                                                                   \
    VECTORIZED for (size_t i = 0; i < n; i++) acc[i] = (A)(QUOTIENT);                              \
  }                                                                                                \
  static void NAMED(TYPE##_store)(void *to, const void *values, size_t n) {                        \
    S *out = to;                                                                                   \
    const A *acc = values;                                                                         \
    VECTORIZED for (size_t i = 0; i < n; i++) out[i] = STORE(acc[i]);                              \
  }                                                                                                \
  static void NAMED(TYPE##_store_twice)(void *to, void *also, const void *values, size_t n) {      \
    S *out = to, *second = also;                                                                   \
    const A *acc = values;                                                                         \
    VECTORIZED for (size_t i = 0; i < n; i++) {                                                    \
      S value = STORE(acc[i]);                                                                     \
      out[i] = value;                                                                              \
      second[i] = value;                                                                           \
    }                                                                                              \
  }

#define SAME(x) (x)
#define TRUTH(x) ((uint8_t)((x) != 0))

#define FLOATING(TYPE, S, A, LOAD, STORE)                                                            \
  LOOPS(TYPE##_sum, S, A, LOAD, a + b)                                                               \
  LOOPS(TYPE##_product, S, A, LOAD, a *b)                                                            \
  LOOPS(TYPE##_min, S, A, LOAD, ((b < a) | (b != b)) ? b : a)                                          \
  LOOPS(TYPE##_max, S, A, LOAD, ((b > a) | (b != b)) ? b : a)                                          \
  STORE_LOOPS(TYPE, S, A, A, STORE, acc[i] / count)

// Sums and products are computed on unsigned integers, which wrap.
#define INTEGER(TYPE, S, U)                                                                          \
  LOOPS(TYPE##_sum, S, S, SAME, (U)a + (U)b)                                                         \
  LOOPS(TYPE##_product, S, S, SAME, (U)((uint64_t)(U)a * (uint64_t)(U)b))                            \
  LOOPS(TYPE##_min, S, S, SAME, b < a ? b : a)                                                       \
  LOOPS(TYPE##_max, S, S, SAME, b > a ? b : a)                                                       \
  LOOPS(TYPE##_and, S, S, SAME, a &b)                                                                \
  LOOPS(TYPE##_or, S, S, SAME, a | b)                                                                \
  LOOPS(TYPE##_xor, S, S, SAME, a ^ b)                                                               \
  STORE_LOOPS(TYPE, S, S, int64_t, SAME, acc[i] / count)

FLOATING(f64, double, double, SAME, SAME)
FLOATING(f32, float, float, SAME, SAME)
FLOATING(f16, half_bits, float, NAMED_HALF(load), NAMED_HALF(store))
FLOATING(bf16, uint16_t, float, bf16_load, bf16_store)
INTEGER(i64, int64_t, uint64_t)
INTEGER(i32, int32_t, uint32_t)
INTEGER(i16, int16_t, uint16_t)
INTEGER(i8, int8_t, uint8_t)
INTEGER(u8, uint8_t, uint8_t)
LOOPS(bool_or, uint8_t, uint8_t, TRUTH, a | b)
LOOPS(bool_and, uint8_t, uint8_t, TRUTH, a &b)
LOOPS(bool_xor, uint8_t, uint8_t, TRUTH, a ^ b)
STORE_LOOPS(bool, uint8_t, uint8_t, size_t, SAME, acc[i] + 0 * count)

#define PAIR(NAME) {NAMED(NAME##_begin), NAMED(NAME##_fold)}
#define NONE {0, 0}
#define TAIL(TYPE) NAMED(TYPE##_divide), NAMED(TYPE##_store), NAMED(TYPE##_store_twice)
#define FLOATING_ROW(TYPE, S, A)                                                                     \
  {sizeof(S), sizeof(A),                                                                             \
   {PAIR(TYPE##_sum), PAIR(TYPE##_sum), PAIR(TYPE##_product), PAIR(TYPE##_min), PAIR(TYPE##_max),  \
    NONE, NONE, NONE},                                                                               \
   TAIL(TYPE)}
#define INTEGER_ROW(TYPE, S)                                                                         \
  {sizeof(S), sizeof(S),                                                                             \
   {PAIR(TYPE##_sum), PAIR(TYPE##_sum), PAIR(TYPE##_product), PAIR(TYPE##_min), PAIR(TYPE##_max),  \
    PAIR(TYPE##_and), PAIR(TYPE##_or), PAIR(TYPE##_xor)},                                            \
   TAIL(TYPE)}

static const struct loops NAMED(table)[] = {
    [CSM_F64] = FLOATING_ROW(f64, double, double),
    [CSM_F32] = FLOATING_ROW(f32, float, float),
    [CSM_F16] = FLOATING_ROW(f16, half_bits, float),
    [CSM_BF16] = FLOATING_ROW(bf16, uint16_t, float),
    [CSM_I64] = INTEGER_ROW(i64, int64_t),
    [CSM_I32] = INTEGER_ROW(i32, int32_t),
    [CSM_I16] = INTEGER_ROW(i16, int16_t),
    [CSM_I8] = INTEGER_ROW(i8, int8_t),
    [CSM_U8] = INTEGER_ROW(u8, uint8_t),
    [CSM_BOOL] = {1, 1,
                  {PAIR(bool_or), PAIR(bool_or), PAIR(bool_and), PAIR(bool_and), PAIR(bool_or),
                   PAIR(bool_and), PAIR(bool_or), PAIR(bool_xor)},
                  TAIL(bool)},
};

#undef VECTORIZED
#undef LOOPS
#undef STORE_LOOPS
#undef SAME
#undef TRUTH
#undef FLOATING
#undef INTEGER
#undef PAIR
#undef NONE
#undef TAIL
#undef FLOATING_ROW
#undef INTEGER_ROW
