// NCCL's functions, loaded from libnccl.so.2 at run time, so that building needs nothing from
// NVIDIA.
//
// Why C: a table of typed function pointers, and a structure that is passed by value. Names, types
// and order of the arguments are those of nccl.h since 2.14; a test compares them with NVIDIA's
// header.
#ifndef CNCCL_H
#define CNCCL_H

#include <stddef.h>
#include <stdint.h>

/// ncclResult_t: 0 is success, 7 "in progress".
typedef int cnccl_result;
/// ncclDataType_t
typedef int cnccl_type;
/// ncclRedOp_t
typedef int cnccl_op;
/// ncclComm_t
typedef struct cnccl_communicator_object *cnccl_communicator;
/// cudaStream_t
typedef void *cnccl_stream;

/// ncclUniqueId: identifies a communicator, for its ranks to find each other.
typedef struct cnccl_id {
  char internal[128];
} cnccl_id;

/// ncclConfig_t of 2.14; newer libraries detect missing fields by `size` and `version`.
typedef struct cnccl_config {
  size_t size;
  unsigned int magic;
  unsigned int version;
  int blocking;
} cnccl_config;

/// `CALL(result, name without "nccl", arguments)` for each function.
#define CNCCL_CALLS(CALL)                                                                        \
  CALL(cnccl_result, GetVersion, (int *version))                                                 \
  CALL(cnccl_result, GetUniqueId, (cnccl_id *uniqueId))                                          \
  CALL(const char *, GetErrorString, (cnccl_result result))                                      \
  CALL(const char *, GetLastError, (cnccl_communicator comm))                                    \
  CALL(                                                                                          \
      cnccl_result, CommInitRankConfig,                                                          \
      (cnccl_communicator * comm, int nranks, cnccl_id commId, int rank, cnccl_config *config))  \
  CALL(cnccl_result, CommGetAsyncError, (cnccl_communicator comm, cnccl_result *asyncError))     \
  CALL(cnccl_result, CommFinalize, (cnccl_communicator comm))                                    \
  CALL(cnccl_result, CommDestroy, (cnccl_communicator comm))                                     \
  CALL(cnccl_result, CommAbort, (cnccl_communicator comm))                                       \
  CALL(cnccl_result, GroupStart, (void))                                                         \
  CALL(cnccl_result, GroupEnd, (void))                                                           \
  CALL(                                                                                          \
      cnccl_result, AllReduce,                                                                   \
      (const void *sendbuff, void *recvbuff, size_t count, cnccl_type datatype, cnccl_op op,     \
       cnccl_communicator comm, cnccl_stream stream))                                            \
  CALL(                                                                                          \
      cnccl_result, Reduce,                                                                      \
      (const void *sendbuff, void *recvbuff, size_t count, cnccl_type datatype, cnccl_op op,     \
       int root, cnccl_communicator comm, cnccl_stream stream))                                  \
  CALL(                                                                                          \
      cnccl_result, ReduceScatter,                                                               \
      (const void *sendbuff, void *recvbuff, size_t recvcount, cnccl_type datatype, cnccl_op op, \
       cnccl_communicator comm, cnccl_stream stream))                                            \
  CALL(                                                                                          \
      cnccl_result, AllGather,                                                                   \
      (const void *sendbuff, void *recvbuff, size_t sendcount, cnccl_type datatype,              \
       cnccl_communicator comm, cnccl_stream stream))                                            \
  CALL(                                                                                          \
      cnccl_result, Broadcast,                                                                   \
      (const void *sendbuff, void *recvbuff, size_t count, cnccl_type datatype, int root,        \
       cnccl_communicator comm, cnccl_stream stream))                                            \
  CALL(                                                                                          \
      cnccl_result, Send,                                                                        \
      (const void *sendbuff, size_t count, cnccl_type datatype, int peer,                        \
       cnccl_communicator comm, cnccl_stream stream))                                            \
  CALL(                                                                                          \
      cnccl_result, Recv,                                                                        \
      (void *recvbuff, size_t count, cnccl_type datatype, int peer, cnccl_communicator comm,     \
       cnccl_stream stream))

/// The functions of a library.
typedef struct cnccl_library {
#define CNCCL_FIELD(result, name, arguments) result(*name) arguments;
  CNCCL_CALLS(CNCCL_FIELD)
#undef CNCCL_FIELD
} cnccl_library;

/// Loads a library by its path or name, for the lifetime of the process. Returns NULL, or an error
/// message, which the caller frees.
char *cnccl_open(const char *path, cnccl_library *out);

#endif
