// A robust mutex that a thread holds while it lives. Unlike a pidfd it needs no descriptor, and the
// kernel marks it when the thread ends, before it frees the memory of a large process.

#define _GNU_SOURCE
#include "CSharedMemory.h"

#include <linux/futex.h>
#include <pthread.h>

int csm_liveness_init(void *lock) {
  pthread_mutexattr_t attributes;
  int error = pthread_mutexattr_init(&attributes);
  if (error) return error;
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  error = pthread_mutex_init(lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return error;
}

int csm_liveness_lock(void *lock) { return pthread_mutex_lock(lock); }

void csm_liveness_unlock(void *lock) { pthread_mutex_unlock(lock); }

int csm_liveness_is_lost(void *lock) {
  // Reads the word and does not try the lock: a process that is stopped while it holds the lock
  // would hide the death from the others.
  const pthread_mutex_t *mutex = lock;
  return (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_ACQUIRE) & FUTEX_OWNER_DIED) != 0;
}
