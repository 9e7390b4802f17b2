// Shared memory for processes: mapping it, waiting on words in it, detecting that a process died,
// and reducing arrays.
//
// Why C: atomics on memory that another process maps, system calls that Swift's Glibc module lacks,
// and loops that are compiled for several instruction sets and selected at run time.

#ifndef CSHAREDMEMORY_H
#define CSHAREDMEMORY_H

#include <stddef.h>
#include <stdint.h>

// MARK: Memory

/// Creates unnamed memory that other processes can open through /proc. Returns a descriptor, or -1
/// with errno. Pages use memory once they are accessed, and no space in /dev/shm.
int csm_create(size_t size);

/// Opens the memory that process `pid` has open as `descriptor`. Returns a descriptor, or -1 with
/// errno.
int csm_open(int pid, int descriptor);

/// Maps `size` bytes. Returns NULL with errno on failure. The descriptor may be closed afterwards.
void *csm_map(int descriptor, size_t size);

/// Requests large pages, where the system supports them.
void csm_want_large_pages(void *address, size_t size);

/// Returns pages of mapped memory to the kernel; they read as zero afterwards.
void csm_discard(void *address, size_t size);

// MARK: Shared words

uint32_t csm_load32(const uint32_t *word);
uint64_t csm_load64(const uint64_t *word);
void csm_store64(uint64_t *word, uint64_t value);
uint32_t csm_exchange32(uint32_t *word, uint32_t value);
uint32_t csm_add32(uint32_t *word, uint32_t value);
/// Replaces `expected` by `desired`. Returns the previous value.
uint32_t csm_compare_exchange32(uint32_t *word, uint32_t expected, uint32_t desired);
uint64_t csm_compare_exchange64(uint64_t *word, uint64_t expected, uint64_t desired);

/// An event that threads of several processes wait on; `epoch` changes when waiters are notified.
struct csm_event {
  uint32_t epoch;
  uint32_t waiters;
};

/// Wakes the waiters of `event`. Call it after the store that they wait for.
void csm_notify(struct csm_event *event);

/// Polls until `*word >= target`, for at most `spin_ns`. Returns whether the condition holds.
int csm_spin_until(const uint64_t *word, uint64_t target, int64_t spin_ns);

/// Sleeps until `*word >= target`, for at most `sleep_ns`. Returns whether the condition holds.
int csm_wait_until(const uint64_t *word, uint64_t target, struct csm_event *event, int64_t sleep_ns);

/// Sleeps while `*word == value`, for at most `sleep_ns`; may return early.
void csm_sleep_while(const uint32_t *word, uint32_t value, int64_t sleep_ns);

/// Wakes all threads that sleep on `word`.
void csm_wake(uint32_t *word);

// MARK: Liveness

/// Initializes a liveness lock in shared memory. Returns 0 or an error number.
int csm_liveness_init(void *lock);

/// Acquires the lock for the calling thread. When the thread ends for any reason, the kernel marks
/// the lock at once, before it frees the memory of a killed process. Returns 0 or an error number.
int csm_liveness_lock(void *lock);

/// Releases the lock.
void csm_liveness_unlock(void *lock);

/// Returns whether the holder ended without `csm_liveness_unlock`.
int csm_liveness_is_lost(void *lock);

// MARK: Reductions

/// The element types of `csm_reduce`.
enum csm_type {
  CSM_F64, CSM_F32, CSM_F16, CSM_BF16, CSM_I64, CSM_I32, CSM_I16, CSM_I8, CSM_U8, CSM_BOOL
};

/// The operations of `csm_reduce`.
enum csm_op {
  CSM_SUM, CSM_AVG, CSM_PRODUCT, CSM_MIN, CSM_MAX, CSM_AND, CSM_OR, CSM_XOR
};

/// The instruction sets that `csm_reduce` is compiled for.
enum csm_isa { CSM_PLAIN, CSM_AVX2, CSM_AVX512 };

/// Returns the best instruction set that this processor supports.
enum csm_isa csm_best_isa(void);

/// Writes `((s0 op s1) op s2) …`, element by element, to one or two destinations.
///
/// 16-bit floats are combined in float32 and rounded once, at the end. An average is the sum
/// divided by the number of sources. A minimum or maximum with a NaN is NaN. Integers wrap; an
/// average of integers is truncated. For booleans, a sum or maximum is true if any element is.
/// `second` may be NULL. A destination may be one of the sources, but must not overlap one
/// otherwise. The result does not depend on `isa`.
void csm_reduce(
    enum csm_isa isa, enum csm_type type, enum csm_op op, void *first, void *second,
    const void *const *sources, size_t source_count, size_t count);

/// Copies memory that does not overlap; with `streaming`, large copies bypass the caches.
void csm_copy(void *to, const void *from, size_t size, int streaming);

/// Returns the number of processors that this process may run on.
int csm_processor_count(void);

#endif
