#define _GNU_SOURCE
#include "CSupport.h"

#include <stdatomic.h>
#include <stdlib.h>

// Of the C++ runtime's interface: registers the destructor of a thread-local object.
extern int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library);
extern void *__dso_handle __attribute__((visibility("hidden")));

static void (*_Atomic before_exit)(int code);
static _Thread_local int is_registered;

static void run(int code, void *unused) {
  (void)unused;
  void (*function)(int code) = atomic_load(&before_exit);
  if (function != NULL) function(code);
}

/// Runs when a registered thread ends or calls exit(), which calls it before all other handlers.
static void register_last(void *unused) {
  (void)unused;
  on_exit(run, NULL);
}

void csupport_call_before_exit(void (*function)(int code)) {
  atomic_store(&before_exit, function);
  on_exit(run, NULL); // in case another thread calls exit()
  if (is_registered) return;
  is_registered = 1;
  __cxa_thread_atexit_impl(register_last, NULL, &__dso_handle);
}
