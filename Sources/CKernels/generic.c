// Any processor: sixteen floats occupy four registers of 128 bits.
#define TABLE ck_generic
#define TABLE_NAME "generic"
#define MAX_COLUMNS 1
#define MAX_ROWS 2
#define ROWS_1 2

#include "kernels/table.h"
