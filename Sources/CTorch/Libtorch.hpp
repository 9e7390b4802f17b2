// Reports a missing libtorch in one sentence. Every source file of this target includes it first.
#pragma once

#if !__has_include(<ATen/ATen.h>)
// A warning raised to a fatal error stops the compiler: no further messages follow. In a dependency
// SwiftPM suppresses warnings, and the second line reports the error.
#pragma clang diagnostic fatal "-W#warnings"
#warning libtorch is not set up: run Scripts/setup in the lockstep checkout (in a dependent package: .build/checkouts/lockstep/Scripts/setup), then build again
#error libtorch is not set up: run Scripts/setup in the lockstep checkout (in a dependent package: .build/checkouts/lockstep/Scripts/setup), then build again
#endif
