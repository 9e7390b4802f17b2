// The interface to Apache Arrow: its C data interface, and the functions of ArrowShim.cpp.
//
// Lockstep is built without Arrow. Scripts/setup-arrow downloads it and compiles ArrowShim.cpp
// against it into a shared library, which DataLoading opens when the first table is read. The
// structures are those of https://arrow.apache.org/docs/format/CDataInterface.html, a stable ABI.
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

/// The format of a file: Arrow (stream or file format), or Parquet.
enum { LOCKSTEP_ARROW_IPC = 0, LOCKSTEP_ARROW_PARQUET = 1 };

/// Type of `lockstep_arrow_read_schema`, which reads a file's schema: all columns and the metadata.
///
/// Returns NULL, or an error message that the caller frees with free(). The caller releases the
/// schema.
typedef char* (*lockstep_arrow_schema_function)(const char* path, int32_t format, struct ArrowSchema* out);

/// Type of `lockstep_arrow_read_columns`, which opens a file for reading the columns at `count`
/// distinct indices of its schema, in ascending order.
///
/// Other columns are not read. The stream's arrays keep the memory that they refer to alive. Every
/// batch is fully validated: offsets and dictionary indices are in range, and text is UTF-8.
/// Returns NULL, or an error message that the caller frees with free(). The caller releases the
/// stream.
typedef char* (*lockstep_arrow_columns_function)(
    const char* path, int32_t format, const int32_t* columns, int64_t count, struct ArrowArrayStream* out);

#ifdef __cplusplus
}
#endif

#endif
