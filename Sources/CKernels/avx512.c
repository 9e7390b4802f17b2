// x86 processors with AVX-512: sixteen floats occupy one of 32 registers.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#define TABLE ck_avx512
#define TABLE_NAME "avx512"
#define MAX_COLUMNS 4
#define MAX_ROWS 12
#define ROWS_1 12
#define ROWS_2 12
#define ROWS_3 8
#define ROWS_4 6

#pragma clang attribute push(                                                                    \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))),       \
    apply_to = function)
#include "kernels/table.h"
#pragma clang attribute pop
#endif
