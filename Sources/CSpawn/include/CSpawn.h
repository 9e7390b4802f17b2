// Starts a worker process that cannot outlive its launcher.
//
// Why C: between fork and exec only async-signal-safe calls are allowed, which Swift does not
// guarantee, and posix_spawn can neither create a session nor set a parent-death signal. The
// smaller functions wrap Linux calls that Swift's Glibc module does not import.

#ifndef CSPAWN_H
#define CSPAWN_H

#include <sys/types.h>

/// The program and the standard streams of a new process. The caller owns all pointers and
/// descriptors, which must stay valid until cspawn_start returns.
struct cspawn_request {
  const char *path;         ///< The path of the file to execute; not searched for in PATH.
  char *const *arguments;   ///< argv, terminated by NULL.
  char *const *environment; ///< envp, terminated by NULL.
  int input;                ///< The standard input.
  int output;               ///< The standard output.
  int error;                ///< The standard error.
  int guard;                ///< The channel of the guard to register with, or -1 for no guard.
  const int *processors;    ///< The processors to bind the process to.
  int processor_count;      ///< The number of `processors`; 0 does not bind the process.
  int waits_for_debugger;   ///< If not 0, wait for a debugger to attach before running the program.
};

/// Starts a process in its own session and process group, whose ids equal the process id.
///
/// The process is killed when the calling *thread* ends (PR_SET_PDEATHSIG is bound to the thread
/// that forks), so call this from a thread that lives as long as the launcher. The signal mask is
/// empty, and all signals have their default action, except that an ignored SIGHUP stays ignored
/// (nohup). All descriptors above 2 are closed on exec.
///
/// Returns the process id once the program runs, or -1 with errno set.
///
/// If the process waits for a debugger, the id is returned at once. The process polls for the
/// debugger instead of stopping itself: gdb would pass the stop signal on to the program, and
/// SIGTERM could not end a stopped process. Debuggers follow the process through exec into any
/// program.
pid_t cspawn_start(const struct cspawn_request *request);

/// Starts the guard, a process that kills the workers' process groups after the launcher dies.
///
/// The children of a worker do not die with the launcher; the guard kills them. It learns the
/// process groups through the pipe `*channel`: a pid_t adds a group, and its negative removes it.
/// Each new process adds its own group before it runs its program. When the launcher dies, the pipe
/// is closed. The guard then kills the registered groups (at most 4096), deletes `folder` and its
/// contents unless it is NULL, and exits. It blocks all signals except SIGKILL. Returns its process
/// id, or -1 with errno set.
pid_t cspawn_start_guard(const char *folder, int *channel);

/// Returns the environment of this process: entries `NAME=value`, terminated by NULL.
char *const *cspawn_environment(void);

/// Creates a pipe whose ends are closed on exec and whose read end, ends[0], is nonblocking.
/// Returns 0, or -1 with errno set.
int cspawn_pipe(int ends[2]);

/// Returns the number of processors that this process may run on, or -1 with errno set.
int cspawn_processor_count(void);

/// Returns 1 if this process may run on the processor, otherwise 0.
int cspawn_processor_is_allowed(int number);

/// Raises (1) or restores (0) this process's limit on open files.
///
/// The raised limit is the hard limit, at most 65,536. The launcher needs it because it holds one
/// connection per node. Processes started by cspawn_start get the original limit, because programs
/// that use `select` fail with descriptors above 1023.
void cspawn_raise_file_limit(int raise);

/// Starts (1) or stops (0) adopting orphaned descendants of this process.
/// Returns 0, or -1 with errno set.
int cspawn_adopt_orphans(int adopt);

/// Writes one byte, the signal's number, to the pipe `channel` when one of the signals arrives.
///
/// Uses signal handlers, because signalfd needs the signals blocked in every thread, and the
/// process may already have threads. Only one set of signals can be watched at a time. Returns 0,
/// or -1 with errno set.
int cspawn_watch_signals(const int *signals, int count, int channel);

/// Restores the signal handlers and the mask from before cspawn_watch_signals. If `ignore` is not 0,
/// the signals except SIGCHLD are ignored instead.
void cspawn_unwatch_signals(int ignore);

/// Makes standard output line-buffered, even into a pipe. Call this before any output.
void cspawn_buffer_lines(void);

#endif
