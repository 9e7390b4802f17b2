// Starts one worker process so that it cannot outlive its launcher.
//
// Why C: between fork and exec only async-signal-safe calls are allowed, which Swift code cannot
// promise, and posix_spawn can neither open a session nor arm a parent-death signal. The smaller
// functions are calls of Linux that Swift's Glibc module leaves out.

#ifndef CSPAWN_H
#define CSPAWN_H

#include <sys/types.h>

/// What a new process runs and what its standard streams are. The caller owns all pointers and
/// descriptors; they need to live only until cspawn_start returns.
struct cspawn_request {
  const char *path;         ///< The file to execute; not looked up in PATH.
  char *const *arguments;   ///< argv, ends with NULL.
  char *const *environment; ///< envp, ends with NULL.
  int input;                ///< Becomes descriptor 0.
  int output;               ///< Becomes descriptor 1.
  int error;                ///< Becomes descriptor 2.
  int guard;                ///< The channel of cspawn_start_guard, to put the process under it; or -1.
  const int *processors;    ///< The processors that it may run on.
  int processor_count;      ///< How many these are; 0 for all that the launcher may run on.
  int debugged;             ///< Not 0: run the program only when a debugger has attached and continues.
};

/// Starts the process in a session and process group of its own (both numbered by its process id).
///
/// It is killed when the calling *thread* ends (PR_SET_PDEATHSIG is bound to the thread that forks),
/// so call it from a thread that lives as long as the launcher. Its signal mask is empty and all
/// signals have their default action, except that an ignored SIGHUP stays ignored (nohup). All
/// descriptors above 2 are closed on exec.
///
/// Returns the process id once the program runs, or -1 with errno set to the reason of the failure.
/// A process to be debugged waits before it runs the program, and its id is returned at once. It is
/// not stopped by a signal: gdb would have to be told to keep that from the program, and SIGTERM
/// could not end it. Debuggers follow a process through exec, whatever the program.
pid_t cspawn_start(const struct cspawn_request *request);

/// Starts a small process that outlives the launcher by a moment and kills what its workers started.
///
/// A worker that dies with its launcher leaves its own children running. The guard is told of process
/// groups through the pipe `*channel`: a pid_t adds a group, which new processes do for themselves
/// before they run a program; its negative removes it. At the pipe's end, which is the launcher's, it
/// kills the groups that it still knows (at most 4096), deletes `folder`, unless that is NULL, with all
/// that is in it, and ends. It answers to no signal but SIGKILL. Returns its process id, or -1 with errno.
pid_t cspawn_start_guard(const char *folder, int *channel);

/// This process's environment as it was inherited: entries `NAME=value`, then NULL.
char *const *cspawn_environment(void);

/// Opens a pipe whose ends are closed on exec and whose reading end, ends[0], does not block.
/// Returns 0, or -1 with errno.
int cspawn_pipe(int ends[2]);

/// The number of processors that this process may run on, or -1 with errno.
int cspawn_processor_count(void);

/// Whether this process may run on a processor: 1 or 0.
int cspawn_processor_is_allowed(int number);

/// Lets this process open as many files as it may, 65,536 at most (1), or as many as before (0).
///
/// Each node of a job is a connection. Processes that cspawn_start starts get the limit of before: programs
/// that use `select` break with more.
void cspawn_raise_file_limit(int raise);

/// Makes the calling process the parent of its descendants' orphans (1), or no longer (0).
/// Returns 0, or -1 with errno.
int cspawn_adopt_orphans(int adopt);

/// Writes the number of each of these signals that arrives, as one byte, to the pipe `channel`.
///
/// By handlers, because they work in a process that had threads before: signalfd needs the signals
/// blocked in all of them. One set of signals is watched at a time. Returns 0, or -1 with errno.
int cspawn_watch_signals(const int *signals, int count, int channel);

/// Gives the signals back to those who had them before cspawn_watch_signals.
void cspawn_unwatch_signals(void);

/// Makes standard output pass on each line at its end, also into a pipe. To be called before output.
void cspawn_buffer_lines(void);

#endif
