// The interface to Apache Arrow: its C data interface, and the functions of ArrowShim.cpp.
//
// Lockstep is built without Arrow. Scripts/setup-arrow downloads it and compiles ArrowShim.cpp against it
// into a shared library, which DataLoading opens when the first table is read. The structures are those of
// https://arrow.apache.org/docs/format/CDataInterface.html, a stable ABI.
#ifndef LOCKSTEP_CARROW_H
#define LOCKSTEP_CARROW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif

/// Opens a file for reading; the stream's arrays keep the memory that they refer to alive.
///
/// Every batch is fully validated: offsets are within their buffers, and text is UTF-8. Returns NULL, or an
/// error message that the caller frees with free().
typedef char* (*lockstep_arrow_open)(const char* path, struct ArrowArrayStream* out);

#ifdef __cplusplus
}
#endif

#endif
