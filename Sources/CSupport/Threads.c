#define _GNU_SOURCE
#include "CSupport.h"

#include <pthread.h>
#include <stdio.h>

void csupport_set_thread_name(const char *name) {
  char start[16]; // the system's limit, including the zero at the end
  snprintf(start, sizeof start, "%s", name);
  pthread_setname_np(pthread_self(), start);
}
