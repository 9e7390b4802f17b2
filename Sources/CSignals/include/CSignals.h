// Notes that a signal has come.
//
// Why C: a signal handler may run between any two instructions of any thread, so that only
// async-signal-safe calls are allowed in it, which Swift code cannot promise.

#ifndef CSIGNALS_H
#define CSIGNALS_H

/// From here on a signal is noted, and does nothing else; system calls that it interrupts go on. It is
/// unblocked in the calling thread.
/// Returns 0, or -1 with errno (EINVAL: the signal cannot be caught).
int csignals_note(int number);

/// Gives a signal its default action again. Returns 0, or -1 with errno.
int csignals_release(int number);

/// The signal that was noted last, or 0.
int csignals_noted(void);

/// Forgets what was noted.
void csignals_forget(void);

#endif
