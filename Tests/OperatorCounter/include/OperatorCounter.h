// How often libtorch's numbers are read by the host.
#ifndef OPERATOR_COUNTER_H
#define OPERATOR_COUNTER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Starts to count on this thread, from 0. Returns what `oc_stop` needs.
uint64_t oc_start(void);
/// The numbers that `item` and the like have read on this thread, by programs and inside of operators.
int64_t oc_reads(void);
void oc_stop(uint64_t handle);

#ifdef __cplusplus
}
#endif
#endif
