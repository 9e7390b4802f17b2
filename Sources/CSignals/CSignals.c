#include "CSignals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t noted = 0;

static void note(int number) { noted = number; }

int csignals_note(int number) {
  struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
  if (sigaction(number, &action, NULL) != 0) return -1;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL); // some parents start their children with all blocked
  return 0;
}

int csignals_release(int number) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  return sigaction(number, &action, NULL);
}

int csignals_noted(void) { return noted; }

void csignals_forget(void) { noted = 0; }
