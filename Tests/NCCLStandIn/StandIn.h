// Declarations that the stand-in's files share. One lock protects all state.
#ifndef STAND_IN_H
#define STAND_IN_H

#include "NCCLStandIn.h"

enum { success = 0, invalid_argument = 4, invalid_usage = 5, remote_error = 6, in_progress = 7 };

enum kind { all_reduce, reduce, reduce_scatter, all_gather, broadcast, send_message, receive_message };

struct op {
  enum kind kind;
  const void *input;
  void *output;
  size_t count;
  cnccl_type type;
  cnccl_op op;
  int peer;  // or the root
  bool is_done;
};

/// The calls of one group, which run concurrently.
struct launch {
  cnccl_communicator communicator;
  struct launch *next;
  uint64_t number;
  size_t count;
  struct op ops[256];
};

struct stand_in_stream {
  struct launch *first;
  struct launch *last;
  uint64_t enqueued;
};

#define MAX_RANKS 8

struct world {
  cnccl_id id;
  struct world *next;
  int size;
  int joined;
  int left;
  cnccl_communicator ranks[MAX_RANKS];
};

struct cnccl_communicator_object {
  struct world *world;
  int rank;
  cnccl_result failure;
  int polls_until_settled;
  bool is_finalized;
  stand_in_stream *stream;
};

/// The size of an element in bytes; 0 for an invalid type.
size_t byte_count(cnccl_type type);

/// Reduces the elements of all ranks.
void combine(
    void *output, const void *const *inputs, int ranks, size_t count, cnccl_type type, cnccl_op op);

/// Runs all work that can run, of all worlds.
void run_all(struct world *worlds);

#endif
