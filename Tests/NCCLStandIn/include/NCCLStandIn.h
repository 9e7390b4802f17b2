// A stand-in for NCCL and CUDA streams, for threads of one process and host memory.
//
// It is stricter than NCCL: mismatched calls, a call while another is in progress, and an invalid configuration
// are errors. Work runs once all participating ranks have reached it.
#ifndef NCCL_STAND_IN_H
#define NCCL_STAND_IN_H

#include <CNCCL.h>
#include <stdbool.h>

cnccl_library stand_in_library(void);

/// A stream, which runs work in the order in which it was enqueued.
typedef struct stand_in_stream stand_in_stream;
stand_in_stream *stand_in_stream_make(void);
void stand_in_stream_free(stand_in_stream *stream);
/// Returns the position after all enqueued work.
uint64_t stand_in_stream_position(stand_in_stream *stream);
bool stand_in_stream_has_reached(stand_in_stream *stream, uint64_t position);

/// Returns the number of communicators.
int stand_in_communicator_count(void);

#endif
