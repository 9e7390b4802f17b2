// Streams of a device, and marks in them; libtorch keeps them for every kind of device alike.
#ifndef CT_STREAM_H
#define CT_STREAM_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A stream of one device beside those that the program uses.
typedef struct ct_side_stream_object *ct_side_stream;
/// A place in a stream.
typedef struct ct_mark_object *ct_mark;

/// Takes a stream from libtorch's pool. `device_type` is a c10::DeviceType.
ct_error ct_side_stream_create(int32_t device_type, int32_t index, ct_side_stream *out);
void ct_side_stream_release(ct_side_stream stream);

/// Makes the stream's device this thread's, and the stream wait for all that this thread's current
/// stream of the device holds. Gives the stream as the device's own library knows it (cudaStream_t),
/// and the device that was this thread's, for the end.
ct_error ct_side_stream_begin(ct_side_stream stream, void **native, int32_t *previous);

/// Makes the device that was this thread's so again.
ct_error ct_side_stream_end(ct_side_stream stream, int32_t previous);

/// Keeps the tensor's memory for as long as the stream has work for it, even if the tensor goes.
ct_error ct_side_stream_keep(ct_side_stream stream, ct_tensor tensor);

/// Marks the place behind all that the stream holds.
ct_error ct_side_stream_mark(ct_side_stream stream, ct_mark *out);

/// Whether the device has come to the mark.
ct_error ct_mark_is_reached(ct_mark mark, bool *out);
void ct_mark_release(ct_mark mark);

#ifdef __cplusplus
}
#endif
#endif
