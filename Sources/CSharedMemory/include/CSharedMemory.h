// What processes need to work on one piece of memory: the memory itself, words to wait on, a sign of
// life that the kernel takes down, and loops over numbers.
//
// Why C: atomics on memory that another process maps, system calls that Swift's Glibc module leaves
// out, and loops that the compiler makes for several instruction sets, chosen at run time.

#ifndef CSHAREDMEMORY_H
#define CSHAREDMEMORY_H

#include <stddef.h>
#include <stdint.h>

// MARK: Memory

/// Makes memory without a name that other processes can open through /proc; returns a descriptor, or
/// -1 with errno. It takes room only where it is touched, and none in /dev/shm.
int csm_create(size_t size);

/// Opens the memory that process `pid` has as descriptor `descriptor`, or returns -1 with errno.
int csm_open(int pid, int descriptor);

/// Maps `size` bytes; returns NULL with errno. The descriptor may be closed afterwards.
void *csm_map(int descriptor, size_t size);

/// Asks for large pages, where the system has them.
void csm_want_large_pages(void *address, size_t size);

/// Gives pages of mapped memory back to the kernel; they read as zero afterwards.
void csm_discard(void *address, size_t size);

// MARK: Words that processes share

uint32_t csm_load32(const uint32_t *word);
uint64_t csm_load64(const uint64_t *word);
void csm_store32(uint32_t *word, uint32_t value);
void csm_store64(uint64_t *word, uint64_t value);
uint32_t csm_exchange32(uint32_t *word, uint32_t value);
uint32_t csm_add32(uint32_t *word, uint32_t value);
/// Replaces `expected` by `desired`, and returns what was there.
uint32_t csm_compare_exchange32(uint32_t *word, uint32_t expected, uint32_t desired);
uint64_t csm_compare_exchange64(uint64_t *word, uint64_t expected, uint64_t desired);

/// Whom to wake: `event` changes with each call for somebody who sleeps.
struct csm_bell {
  uint32_t event;
  uint32_t sleepers;
};

/// Wakes whoever sleeps for `bell`. To be called after the store that they wait for.
void csm_ring(struct csm_bell *bell);

/// Looks until `*word >= target`, for at most `spin_ns`; returns whether it is so.
int csm_spin_until(const uint64_t *word, uint64_t target, int64_t spin_ns);

/// Sleeps until `*word >= target`, for at most `sleep_ns`; returns whether it is so.
int csm_wait_until(const uint64_t *word, uint64_t target, struct csm_bell *bell, int64_t sleep_ns);

/// Sleeps while `*word == value`, for at most `sleep_ns`; may return early.
void csm_sleep_while(const uint32_t *word, uint32_t value, int64_t sleep_ns);

/// Wakes all that sleep on `word`.
void csm_wake(uint32_t *word);

// MARK: Signs of life

/// The size of a sign of life.
size_t csm_life_size(void);

/// Prepares memory for a sign of life. Returns 0 or an error number.
int csm_life_prepare(void *life);

/// Says that the calling thread lives. When it ends in whatever way, the kernel takes the sign down at
/// once, before the memory of a killed process is freed. Returns 0 or an error number.
int csm_life_begin(void *life);

/// Takes the sign down.
void csm_life_end(void *life);

/// Whether the thread that said that it lives has ended without `csm_life_end`.
int csm_life_is_lost(void *life);

// MARK: Numbers

/// Types of numbers, as `csm_reduce` takes them.
enum csm_type {
  CSM_F64, CSM_F32, CSM_F16, CSM_BF16, CSM_I64, CSM_I32, CSM_I16, CSM_I8, CSM_U8, CSM_BOOL
};

/// What `csm_reduce` does with them.
enum csm_op {
  CSM_SUM, CSM_AVG, CSM_PRODUCT, CSM_MIN, CSM_MAX, CSM_AND, CSM_OR, CSM_XOR
};

/// Instruction sets that there are loops for.
enum csm_isa { CSM_PLAIN, CSM_AVX2, CSM_AVX512 };

/// The best instruction set of this processor.
enum csm_isa csm_best_isa(void);

/// Writes `((s0 op s1) op s2) …`, number by number, to one or two places.
///
/// Sources are taken in order, 16-bit floats in float32 with one rounding at the end, and an average is
/// the sum divided by the number of sources. NaN wins a minimum and a maximum. Integers wrap; an average
/// of integers is cut. Booleans have no bits: a sum, as the largest, says whether any is true. `second`
/// may be NULL. A destination may be a source, but may not overlap one otherwise.
/// The result does not depend on `isa`.
void csm_reduce(
    enum csm_isa isa, enum csm_type type, enum csm_op op, void *first, void *second,
    const void *const *sources, size_t source_count, size_t count);

/// Copies memory that does not overlap; past the caches where that pays (`streaming`).
void csm_copy(void *to, const void *from, size_t size, int streaming);

/// The number of processors that this process may run on.
int csm_processor_count(void);

#endif
