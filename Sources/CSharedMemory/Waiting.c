#define _GNU_SOURCE
#include "CSharedMemory.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint32_t csm_load32(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
uint64_t csm_load64(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
void csm_store64(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }

uint32_t csm_exchange32(uint32_t *word, uint32_t value) {
  return __atomic_exchange_n(word, value, __ATOMIC_ACQ_REL);
}

uint32_t csm_add32(uint32_t *word, uint32_t value) {
  return __atomic_fetch_add(word, value, __ATOMIC_SEQ_CST);
}

uint32_t csm_compare_exchange32(uint32_t *word, uint32_t expected, uint32_t desired) {
  __atomic_compare_exchange_n(
      word, &expected, desired, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  return expected;
}

uint64_t csm_compare_exchange64(uint64_t *word, uint64_t expected, uint64_t desired) {
  __atomic_compare_exchange_n(
      word, &expected, desired, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  return expected;
}

static void cpu_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void csm_sleep_while(const uint32_t *word, uint32_t value, int64_t sleep_ns) {
  struct timespec limit = {sleep_ns / 1000000000, sleep_ns % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT, value, &limit, NULL, 0);
}

void csm_wake(uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0); }

void csm_notify(struct csm_event *event) {
  // Pairs with the increment in csm_wait_until: either the waiter is visible here, or the store
  // before this call is visible to the waiter.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (__atomic_load_n(&event->waiters, __ATOMIC_RELAXED) == 0) return;
  __atomic_fetch_add(&event->epoch, 1, __ATOMIC_RELEASE);
  csm_wake(&event->epoch);
}

int csm_spin_until(const uint64_t *word, uint64_t target, int64_t spin_ns) {
  int64_t end = now_ns() + spin_ns;
  do {
    for (int i = 0; i < 32; i++) {
      if (csm_load64(word) >= target) return 1;
      cpu_pause();
    }
  } while (now_ns() < end);
  return 0;
}

int csm_wait_until(const uint64_t *word, uint64_t target, struct csm_event *event, int64_t sleep_ns) {
  if (csm_load64(word) >= target) return 1;
  __atomic_fetch_add(&event->waiters, 1, __ATOMIC_SEQ_CST);
  uint32_t epoch = __atomic_load_n(&event->epoch, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) < target) csm_sleep_while(&event->epoch, epoch, sleep_ns);
  __atomic_fetch_sub(&event->waiters, 1, __ATOMIC_SEQ_CST);
  return csm_load64(word) >= target;
}
