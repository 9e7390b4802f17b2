#include "CSignals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t last_signal = 0;

static void record(int number) { last_signal = number; }

int csignals_record(int number) {
  struct sigaction action = {.sa_handler = record, .sa_flags = SA_RESTART};
  if (sigaction(number, &action, NULL) != 0) return -1;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL); // a parent process may have blocked it
  return 0;
}

int csignals_restore_default(int number) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  return sigaction(number, &action, NULL);
}

int csignals_last(void) { return last_signal; }

void csignals_clear(void) { last_signal = 0; }
