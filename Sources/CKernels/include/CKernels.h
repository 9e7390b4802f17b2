// What Swift imports.
#include "ck_kernels.h"
