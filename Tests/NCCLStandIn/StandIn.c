#include "StandIn.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct world *worlds;
static int id_count;
static int communicator_count;

/// The depth of this thread's group calls, and the calls so far.
static _Thread_local int depth;
static _Thread_local struct launch *pending;

// MARK: Streams

stand_in_stream *stand_in_stream_make(void) { return calloc(1, sizeof(stand_in_stream)); }

void stand_in_stream_free(stand_in_stream *stream) { free(stream); }

uint64_t stand_in_stream_position(stand_in_stream *stream) {
  pthread_mutex_lock(&lock);
  uint64_t position = stream->enqueued;
  pthread_mutex_unlock(&lock);
  return position;
}

bool stand_in_stream_has_reached(stand_in_stream *stream, uint64_t position) {
  pthread_mutex_lock(&lock);
  bool has_reached = stream->first == NULL || stream->first->number > position;
  pthread_mutex_unlock(&lock);
  return has_reached;
}

/// Removes all launches of a communicator from its stream, done or not, as an abort ends kernels.
static void drop_launches(cnccl_communicator communicator) {
  stand_in_stream *stream = communicator->stream;
  if (stream == NULL) return;
  struct launch **link = &stream->first;
  stream->last = NULL;
  while (*link != NULL) {
    struct launch *launch = *link;
    if (launch->communicator == communicator) {
      *link = launch->next;
      free(launch);
    } else {
      stream->last = launch;
      link = &launch->next;
    }
  }
}

// MARK: Communicators

int stand_in_communicator_count(void) {
  pthread_mutex_lock(&lock);
  int count = communicator_count;
  pthread_mutex_unlock(&lock);
  return count;
}

static cnccl_result GetVersion(int *version) {
  *version = 22907;
  return success;
}

static const char *GetErrorString(cnccl_result result) {
  switch (result) {
    case invalid_argument: return "invalid argument";
    case invalid_usage: return "invalid usage";
    case remote_error: return "remote process exited or there was a network error";
    default: return "stand-in";
  }
}

static const char *GetLastError(cnccl_communicator comm) { return ""; }

static cnccl_result GetUniqueId(cnccl_id *id) {
  pthread_mutex_lock(&lock);
  memset(id, 0x5a, sizeof *id);
  snprintf(id->internal, 64, "stand-in %d", id_count++);
  pthread_mutex_unlock(&lock);
  return success;
}

static cnccl_result CommInitRankConfig(
    cnccl_communicator *comm, int size, cnccl_id id, int rank, cnccl_config *config) {
  if (size < 1 || size > MAX_RANKS || rank < 0 || rank >= size || id.internal[127] != 0x5a ||
      config->size != sizeof *config || config->magic != 0xcafebeef || config->version != 21400 ||
      config->blocking != 0) {
    return invalid_argument;
  }
  pthread_mutex_lock(&lock);
  struct world *world = worlds;
  while (world != NULL && memcmp(&world->id, &id, sizeof id) != 0) world = world->next;
  if (world == NULL) {
    world = calloc(1, sizeof *world);
    world->id = id;
    world->size = size;
    world->next = worlds;
    worlds = world;
  }
  cnccl_result result = invalid_argument;
  if (world->size == size && world->ranks[rank] == NULL) {
    *comm = calloc(1, sizeof **comm);
    (*comm)->world = world;
    (*comm)->rank = rank;
    world->ranks[rank] = *comm;
    world->joined++;
    communicator_count++;
    result = in_progress;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static bool is_settled(cnccl_communicator comm) {
  bool has_work = false;
  for (struct launch *launch = comm->stream ? comm->stream->first : NULL; launch != NULL;
       launch = launch->next) {
    has_work = has_work || launch->communicator == comm;
  }
  bool all_end = true;
  for (int rank = 0; rank < comm->world->size; rank++) {
    cnccl_communicator other = comm->world->ranks[rank];
    all_end = all_end && (other == NULL || other->is_finalized);
  }
  return comm->world->joined == comm->world->size && comm->polls_until_settled == 0 &&
         !(comm->is_finalized && (has_work || !all_end));
}

static cnccl_result CommGetAsyncError(cnccl_communicator comm, cnccl_result *error) {
  pthread_mutex_lock(&lock);
  *error = comm->failure ? comm->failure : is_settled(comm) ? success : in_progress;
  if (comm->polls_until_settled > 0) comm->polls_until_settled--;
  pthread_mutex_unlock(&lock);
  return success;
}

static cnccl_result CommFinalize(cnccl_communicator comm) {
  pthread_mutex_lock(&lock);
  cnccl_result result = comm->failure || !is_settled(comm) ? invalid_usage : in_progress;
  comm->is_finalized = true;
  comm->polls_until_settled = 2;
  pthread_mutex_unlock(&lock);
  return result;
}

static void end(cnccl_communicator comm) {
  struct world *world = comm->world;
  drop_launches(comm);
  world->ranks[comm->rank] = NULL;
  communicator_count--;
  free(comm);
  if (++world->left < world->joined) return;
  struct world **link = &worlds;
  while (*link != world) link = &(*link)->next;
  *link = world->next;
  free(world);
}

static cnccl_result CommDestroy(cnccl_communicator comm) {
  pthread_mutex_lock(&lock);
  bool is_fine = comm->is_finalized && is_settled(comm);
  if (is_fine) end(comm);
  pthread_mutex_unlock(&lock);
  return is_fine ? success : invalid_usage;
}

static cnccl_result CommAbort(cnccl_communicator comm) {
  pthread_mutex_lock(&lock);
  struct world *world = comm->world;
  for (int rank = 0; rank < world->size; rank++) {
    cnccl_communicator other = world->ranks[rank];
    if (other != NULL && other->failure == success) other->failure = remote_error;
  }
  end(comm);
  run_all(worlds);
  pthread_mutex_unlock(&lock);
  return success;
}

// MARK: Work

static cnccl_result GroupStart(void) {
  depth++;
  return success;
}

static cnccl_result GroupEnd(void) {
  if (depth == 0) return invalid_usage;
  if (--depth > 0 || pending == NULL) return success;
  pthread_mutex_lock(&lock);
  struct launch *launch = pending;
  pending = NULL;
  stand_in_stream *stream = launch->communicator->stream;
  launch->number = ++stream->enqueued;
  launch->communicator->polls_until_settled = 2;
  if (stream->last != NULL) stream->last->next = launch;
  if (stream->first == NULL) stream->first = launch;
  stream->last = launch;
  run_all(worlds);
  pthread_mutex_unlock(&lock);
  return in_progress;
}

/// Adds a call to the current group; without one, it is a group by itself.
static cnccl_result call(cnccl_communicator comm, cnccl_stream stream, struct op op) {
  if (stream == NULL || byte_count(op.type) == 0 || op.peer < 0 || op.peer >= comm->world->size ||
      op.op < 0 || op.op > 4) {
    return invalid_argument;
  }
  pthread_mutex_lock(&lock);
  bool is_free = comm->failure == success && is_settled(comm);
  if (is_free) comm->stream = stream;
  pthread_mutex_unlock(&lock);
  if (!is_free) return comm->failure ? comm->failure : invalid_usage;
  GroupStart();
  if (pending == NULL) {
    pending = calloc(1, sizeof *pending);
    pending->communicator = comm;
  }
  bool has_room = pending->communicator == comm && pending->count < 256;
  if (has_room) pending->ops[pending->count++] = op;
  cnccl_result result = GroupEnd();
  return has_room ? result : invalid_usage;
}

static cnccl_result AllReduce(
    const void *input, void *output, size_t count, cnccl_type type, cnccl_op op,
    cnccl_communicator comm, cnccl_stream stream) {
  return call(comm, stream, (struct op){all_reduce, input, output, count, type, op, 0, false});
}

static cnccl_result Reduce(
    const void *input, void *output, size_t count, cnccl_type type, cnccl_op op, int root,
    cnccl_communicator comm, cnccl_stream stream) {
  return call(comm, stream, (struct op){reduce, input, output, count, type, op, root, false});
}

static cnccl_result ReduceScatter(
    const void *input, void *output, size_t count, cnccl_type type, cnccl_op op,
    cnccl_communicator comm, cnccl_stream stream) {
  return call(comm, stream, (struct op){reduce_scatter, input, output, count, type, op, 0, false});
}

static cnccl_result AllGather(
    const void *input, void *output, size_t count, cnccl_type type, cnccl_communicator comm,
    cnccl_stream stream) {
  return call(comm, stream, (struct op){all_gather, input, output, count, type, 0, 0, false});
}

static cnccl_result Broadcast(
    const void *input, void *output, size_t count, cnccl_type type, int root,
    cnccl_communicator comm, cnccl_stream stream) {
  return call(comm, stream, (struct op){broadcast, input, output, count, type, 0, root, false});
}

static cnccl_result Send(
    const void *input, size_t count, cnccl_type type, int peer, cnccl_communicator comm,
    cnccl_stream stream) {
  return call(comm, stream, (struct op){send_message, input, NULL, count, type, 0, peer, false});
}

static cnccl_result Recv(
    void *output, size_t count, cnccl_type type, int peer, cnccl_communicator comm,
    cnccl_stream stream) {
  return call(comm, stream, (struct op){receive_message, NULL, output, count, type, 0, peer, false});
}

cnccl_library stand_in_library(void) {
#define STAND_IN(result, name, arguments) .name = name,
  return (cnccl_library){CNCCL_CALLS(STAND_IN)};
#undef STAND_IN
}
