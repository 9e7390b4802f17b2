// A robust mutex that a thread holds for as long as it lives. Other than a pidfd it needs no descriptor,
// and the kernel marks it when the thread ends, not after a large process has been taken apart.

#define _GNU_SOURCE
#include "CSharedMemory.h"

#include <linux/futex.h>
#include <pthread.h>

size_t csm_life_size(void) { return sizeof(pthread_mutex_t); }

int csm_life_prepare(void *life) {
  pthread_mutexattr_t attributes;
  int error = pthread_mutexattr_init(&attributes);
  if (error) return error;
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  error = pthread_mutex_init(life, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return error;
}

int csm_life_begin(void *life) { return pthread_mutex_lock(life); }

void csm_life_end(void *life) { pthread_mutex_unlock(life); }

int csm_life_is_lost(void *life) {
  // Only looks: to try the lock would hold it for a moment, and a process that is stopped just then would
  // hide the death from the others.
  const pthread_mutex_t *mutex = life;
  return (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_ACQUIRE) & FUTEX_OWNER_DIED) != 0;
}
