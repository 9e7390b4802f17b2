// What the stand-in's files share. Everything is behind one lock.
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

/// The calls of one group, which run beside each other.
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

#define MOST_RANKS 8

struct world {
  cnccl_id id;
  struct world *next;
  int size;
  int joined;
  int left;
  cnccl_communicator ranks[MOST_RANKS];
};

struct cnccl_communicator_object {
  struct world *world;
  int rank;
  cnccl_result failure;
  int looks_until_settled;
  bool is_finalized;
  stand_in_stream *stream;
};

/// The bytes of a number; 0 for a type that is none.
size_t byte_count(cnccl_type type);

/// Combines a row of numbers of each rank.
void combine(
    void *output, const void *const *inputs, int ranks, size_t count, cnccl_type type, cnccl_op op);

/// Runs what can run, of all worlds.
void run_all(struct world *worlds);

#endif
