// A stand-in for NCCL and CUDA's streams, between threads of one process and over its memory.
//
// It is as strict as the real one is silent: calls that do not fit each other, a call while one is in
// progress or a wrong configuration are errors. Work runs when all ranks that it concerns have come to it.
#ifndef NCCL_STAND_IN_H
#define NCCL_STAND_IN_H

#include <CNCCL.h>
#include <stdbool.h>

cnccl_library stand_in_library(void);

/// A stream: work runs in the order in which it was enqueued.
typedef struct stand_in_stream stand_in_stream;
stand_in_stream *stand_in_stream_make(void);
void stand_in_stream_free(stand_in_stream *stream);
/// The place behind all that was enqueued so far.
uint64_t stand_in_stream_mark(stand_in_stream *stream);
bool stand_in_stream_is_at(stand_in_stream *stream, uint64_t mark);

/// How many communicators there are.
int stand_in_communicator_count(void);

#endif
