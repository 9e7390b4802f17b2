// The header that Swift imports.
#include "ck_kernels.h"
