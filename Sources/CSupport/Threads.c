#define _GNU_SOURCE
#include "CSupport.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

void csupport_set_thread_name(const char *name) {
  char start[16]; // the system's limit, including the zero at the end
  snprintf(start, sizeof start, "%s", name);
  pthread_setname_np(pthread_self(), start);
}

int csupport_join(pthread_t thread, int64_t milliseconds) {
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  int64_t nanoseconds = limit.tv_nsec + milliseconds % 1000 * 1000000;
  limit.tv_sec += milliseconds / 1000 + nanoseconds / 1000000000;
  limit.tv_nsec = nanoseconds % 1000000000;
  int error = milliseconds > 0 ? pthread_timedjoin_np(thread, NULL, &limit)
                               : pthread_tryjoin_np(thread, NULL);
  return error != ETIMEDOUT && error != EBUSY;
}

int csupport_is_main_thread(void) { return getpid() == gettid(); }
