// Checksums, threads, standard output, and the end of the process.
//
// Why C: tables that the compiler computes, a processor's instruction for CRC-32C, and functions
// that Swift's Glibc module lacks.
#ifndef CSUPPORT_H
#define CSUPPORT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Returns the CRC-32 of zip files (ISO 3309). `crc` is the checksum of the preceding bytes, 0 if
/// there are none.
uint32_t csupport_crc32(uint32_t crc, const void *bytes, size_t count);

/// Returns the CRC-32C (Castagnoli; RFC 3720), in the same way.
uint32_t csupport_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Like csupport_crc32c, without the processor's instruction; for tests.
uint32_t csupport_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

/// Sets the name of the calling thread to the first 15 bytes of `name`.
void csupport_set_thread_name(const char *name);

/// Waits until a thread has ended, for at most `milliseconds`, and frees it. Returns 1, or 0 if the
/// thread has not ended; it can then be joined later.
int csupport_join(pthread_t thread, int64_t milliseconds);

/// Returns 1 in the main thread, otherwise 0.
int csupport_is_main_thread(void);

/// Calls `function` with the exit code when the process exits, before static objects are destroyed.
///
/// exit() runs its handlers in the reverse order of their registration, and a library registers the
/// destructor of a static object when the object is first used. So `function` is registered again
/// when the calling thread exits the process. It may be called several times.
void csupport_call_before_exit(void (*function)(int code));

/// Writes each line of standard output at once, also to a pipe or a file.
void csupport_buffer_output_by_line(void);

#ifdef __cplusplus
}
#endif
#endif
