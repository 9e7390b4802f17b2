#include "CSupport.h"

#include <stdio.h>

void csupport_buffer_output_by_line(void) { setvbuf(stdout, NULL, _IOLBF, 0); }
