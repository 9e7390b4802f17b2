#define _GNU_SOURCE
#include "CSharedMemory.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int csm_create(size_t size) {
  int descriptor = memfd_create("lockstep", MFD_CLOEXEC);
  if (descriptor < 0) return -1;
  if (ftruncate(descriptor, (off_t)size) == 0) return descriptor;
  int saved = errno;
  close(descriptor);
  errno = saved;
  return -1;
}

int csm_open(int pid, int descriptor) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, descriptor);
  return open(path, O_RDWR | O_CLOEXEC);
}

void *csm_map(int descriptor, size_t size) {
  void *address = mmap(
      NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (address == MAP_FAILED) return NULL;
  // Keeps the memory out of core files; may fail.
  (void)madvise(address, size, MADV_DONTDUMP);
  return address;
}

void csm_want_large_pages(void *address, size_t size) {
  (void)madvise(address, size, MADV_HUGEPAGE);
}

void csm_discard(void *address, size_t size) { (void)madvise(address, size, MADV_REMOVE); }

int csm_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return (int)sysconf(_SC_NPROCESSORS_ONLN);
  return CPU_COUNT(&set);
}
