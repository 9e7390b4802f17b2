// Nothing of its own: see include/CArrow.h.
#include "CArrow.h"
