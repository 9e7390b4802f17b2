// SwiftPM requires a source file; the declarations are in include/CArrow.h.
#include "CArrow.h"
