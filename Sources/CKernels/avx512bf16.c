// x86 processors with AVX-512 and its bfloat16 instructions.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#define TABLE ck_avx512bf16
#define TABLE_NAME "avx512bf16"
#define MAX_COLUMNS 4
#define MAX_ROWS 12
#define ROWS_1 12
#define ROWS_2 12
#define ROWS_3 8
#define ROWS_4 6

typedef __bf16 pairs __attribute__((vector_size(64)));
#define ADD_PAIRS(sum, a, b) __builtin_ia32_dpbf16ps_512(sum, (pairs)(a), (pairs)(b))

#pragma clang attribute push(                                                                    \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"))),           \
    apply_to = function)
#include "kernels/table.h"
#pragma clang attribute pop
#endif
