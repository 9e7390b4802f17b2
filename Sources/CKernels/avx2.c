// x86 processors with AVX2, since 2013: sixteen floats occupy two of 16 registers.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#define TABLE ck_avx2
#define TABLE_NAME "avx2"
#define MAX_COLUMNS 1
#define MAX_ROWS 6
#define ROWS_1 6

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels/table.h"
#pragma clang attribute pop
#endif
