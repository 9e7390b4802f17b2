#include <stdlib.h>
#include <string.h>

#include "StandIn.h"

/// The first launch of a rank's stream, if it belongs to the rank's communicator.
static struct launch *active(cnccl_communicator communicator) {
  if (communicator == NULL || communicator->stream == NULL) return NULL;
  struct launch *launch = communicator->stream->first;
  return launch != NULL && launch->communicator == communicator ? launch : NULL;
}

static bool is_message(const struct op *op) {
  return op->kind == send_message || op->kind == receive_message;
}

/// Collective number `index` of a launch.
static struct op *collective(struct launch *launch, size_t index) {
  for (size_t i = 0; i < launch->count; i++) {
    if (!is_message(&launch->ops[i]) && index-- == 0) return &launch->ops[i];
  }
  return NULL;
}

static bool match(const struct op *a, const struct op *b) {
  return a->kind == b->kind && a->count == b->count && a->type == b->type && a->op == b->op &&
         a->peer == b->peer;
}

static void run_collective(struct op **ops, int ranks) {
  struct op *first = ops[0];
  size_t size = first->count * byte_count(first->type);
  bool is_whole = first->kind == reduce_scatter || first->kind == all_gather;
  char *result = malloc(size * (is_whole ? ranks : 1));
  if (first->kind == all_gather) {
    for (int rank = 0; rank < ranks; rank++) memcpy(result + rank * size, ops[rank]->input, size);
  } else if (first->kind == broadcast) {
    memcpy(result, ops[first->peer]->input, size);
  } else {
    const void *inputs[MAX_RANKS];
    for (int rank = 0; rank < ranks; rank++) inputs[rank] = ops[rank]->input;
    combine(result, inputs, ranks, first->count * (is_whole ? ranks : 1), first->type, first->op);
  }
  for (int rank = 0; rank < ranks; rank++) {
    if (first->kind == reduce && rank != first->peer) continue;
    const char *part = first->kind == reduce_scatter ? result + rank * size : result;
    memcpy(ops[rank]->output, part, first->kind == all_gather ? size * ranks : size);
  }
  free(result);
}

static bool run_collectives(struct world *world) {
  struct launch *launches[MAX_RANKS];
  for (int rank = 0; rank < world->size; rank++) {
    if ((launches[rank] = active(world->ranks[rank])) == NULL) return false;
  }
  bool has_run = false;
  for (size_t index = 0; collective(launches[0], index) != NULL; index++) {
    struct op *ops[MAX_RANKS];
    bool all_match = true;
    for (int rank = 0; rank < world->size; rank++) {
      ops[rank] = collective(launches[rank], index);
      if (ops[rank] == NULL || ops[rank]->is_done) return has_run;
      all_match = all_match && match(ops[0], ops[rank]);
    }
    for (int rank = 0; rank < world->size; rank++) {
      ops[rank]->is_done = all_match;
      if (!all_match) world->ranks[rank]->failure = invalid_argument;
    }
    if (!all_match) return has_run;  // NCCL itself would hang or fail
    run_collective(ops, world->size);
    has_run = true;
  }
  return has_run;
}

static bool run_messages(struct world *world) {
  bool has_run = false;
  for (int rank = 0; rank < world->size; rank++) {
    struct launch *mine = active(world->ranks[rank]);
    for (size_t i = 0; mine != NULL && i < mine->count; i++) {
      struct op *sent = &mine->ops[i];
      if (sent->kind != send_message || sent->is_done) continue;
      struct launch *theirs = active(world->ranks[sent->peer]);
      for (size_t j = 0; theirs != NULL && j < theirs->count; j++) {
        struct op *received = &theirs->ops[j];
        if (received->kind != receive_message || received->is_done || received->peer != rank) continue;
        if (sent->count != received->count || sent->type != received->type) {
          mine->communicator->failure = theirs->communicator->failure = invalid_argument;
          return has_run;
        }
        memcpy(received->output, sent->input, sent->count * byte_count(sent->type));
        sent->is_done = received->is_done = has_run = true;
        break;
      }
    }
  }
  return has_run;
}

/// Removes a launch from its stream, if it is done.
static bool remove_if_done(struct launch *launch) {
  for (size_t i = 0; i < launch->count; i++) {
    if (!launch->ops[i].is_done) return false;
  }
  stand_in_stream *stream = launch->communicator->stream;
  stream->first = launch->next;
  if (stream->first == NULL) stream->last = NULL;
  free(launch);
  return true;
}

void run_all(struct world *worlds) {
  bool has_progress = true;
  while (has_progress) {
    has_progress = false;
    for (struct world *world = worlds; world != NULL; world = world->next) {
      has_progress = run_collectives(world) || has_progress;
      has_progress = run_messages(world) || has_progress;
      for (int rank = 0; rank < world->size; rank++) {
        struct launch *launch = active(world->ranks[rank]);
        if (launch != NULL) has_progress = remove_if_done(launch) || has_progress;
      }
    }
  }
}
