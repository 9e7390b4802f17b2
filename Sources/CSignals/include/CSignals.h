// Records received signals.
//
// Why C: a signal handler may interrupt any thread at any instruction, so it may only make
// async-signal-safe calls, which Swift code cannot guarantee.

#ifndef CSIGNALS_H
#define CSIGNALS_H

/// Installs a handler that records a signal and does nothing else; interrupted system calls resume.
/// Unblocks the signal in the calling thread. Returns 0, or -1 with errno (EINVAL: the signal
/// cannot be caught).
int csignals_record(int number);

/// Restores the default action of a signal. Returns 0, or -1 with errno.
int csignals_restore_default(int number);

/// Returns the signal that was received last, or 0.
int csignals_last(void);

/// Clears the recorded signal.
void csignals_clear(void);

#endif
