// Streams and events of a device, through the interface that libtorch has for all device types.
#ifndef CT_STREAM_H
#define CT_STREAM_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A stream of a device, separate from the current stream of the program.
typedef struct ct_side_stream_object *ct_side_stream;
/// An event in a stream, like torch.cuda.Event.
typedef struct ct_event_object *ct_event;

/// Returns a stream of libtorch's pool. `device_type` is a c10::DeviceType.
ct_error ct_side_stream_create(int32_t device_type, int32_t index, ct_side_stream *out);
void ct_side_stream_release(ct_side_stream stream);

/// Makes the stream's device the current device of this thread, and makes the stream wait for the
/// work in the current stream of that device.
///
/// `native` receives the device library's stream (cudaStream_t). Pass `previous`, the former
/// current device, to ct_side_stream_end.
ct_error ct_side_stream_begin(ct_side_stream stream, void **native, int32_t *previous);

/// Restores the current device of this thread.
ct_error ct_side_stream_end(ct_side_stream stream, int32_t previous);

/// Keeps the memory of the tensor from being reused before the work now in the stream completes,
/// even if the tensor is freed; like Tensor.record_stream.
ct_error ct_side_stream_record_tensor(ct_side_stream stream, ct_tensor tensor);

/// Records an event after the work now in the stream.
ct_error ct_side_stream_record_event(ct_side_stream stream, ct_event *out);

/// Whether the work before the event has completed.
ct_error ct_event_query(ct_event event, bool *out);
void ct_event_release(ct_event event);

#ifdef __cplusplus
}
#endif
#endif
