#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

static void close_others_on_exec(void) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
#endif
  long limit = sysconf(_SC_OPEN_MAX); // kernels before 5.11
  for (int fd = 3; fd < limit && fd < 65536; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void close_others(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0) return;
#endif
  long limit = sysconf(_SC_OPEN_MAX); // kernels before 5.9
  for (int fd = first; fd < limit && fd < 65536; fd++) close(fd);
}

static void reset_signals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) {
    if (number != SIGHUP) sigaction(number, &action, NULL); // keeps an ignored SIGHUP ignored
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Duplicates a descriptor in 0...2 to a higher number, so that no later dup2 overwrites it.
static int above_standard(int fd) { return fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3); }

/// Whether a debugger is attached; 1 if /proc does not report it.
static int is_traced(void) {
  char text[2048];
  int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 1;
  ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  text[size > 0 ? size : 0] = 0;
  const char *tracer = strstr(text, "TracerPid:\t");
  return tracer == NULL || tracer[strlen("TracerPid:\t")] != '0';
}

static void wait_for_debugger(void) {
  close_others(3); // the launcher waits until the other end of some of these pipes is closed
  prctl(PR_SET_NAME, "lockstep-debug");
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); // by default, Yama allows only ancestors to attach
  struct timespec pause = {.tv_nsec = 20000000};
  while (!is_traced()) nanosleep(&pause, NULL);
}

/// Binds this process to the given processors; ignores those that do not fit into a cpu_set_t.
static int bind_to(const int *processors, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < count; i++) {
    if (processors[i] >= 0 && processors[i] < CPU_SETSIZE) CPU_SET(processors[i], &set);
  }
  return sched_setaffinity(0, sizeof set, &set);
}

static struct rlimit file_limit_before;
static int file_limit_is_raised;

void cspawn_raise_file_limit(int raise) {
  if (raise == file_limit_is_raised) return;
  struct rlimit limit;
  if (raise) {
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    file_limit_before = limit;
    rlim_t enough = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
    if (limit.rlim_cur >= enough) return;
    limit.rlim_cur = enough;
  } else {
    limit = file_limit_before;
  }
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) file_limit_is_raised = raise;
}

/// Sets up the child process and executes the program. Returns only on failure, with errno set.
static void exec_worker(const struct cspawn_request *request, pid_t launcher) {
  if (setsid() < 0) return;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
  if (getppid() != launcher) _exit(1); // the launcher died before PR_SET_PDEATHSIG was set

  pid_t self = getpid();
  if (request->guard >= 0 && write(request->guard, &self, sizeof self) != sizeof self) {
    if (errno != EPIPE) return;
    // The guard was killed. The worker runs without it, and still dies with its launcher.
    signal(SIGPIPE, SIG_IGN); // discards the pending signal
  }

  if (request->processor_count > 0 && bind_to(request->processors, request->processor_count) != 0)
    return;

  int input = above_standard(request->input);
  int output = above_standard(request->output);
  int error = above_standard(request->error);
  if (input < 0 || output < 0 || error < 0) return;
  if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) return;

  close_others_on_exec();
  if (file_limit_is_raised) setrlimit(RLIMIT_NOFILE, &file_limit_before);
  reset_signals();
  if (request->waits_for_debugger) wait_for_debugger();
  execve(request->path, request->arguments, request->environment);
}

pid_t cspawn_start(const struct cspawn_request *request) {
  int report[2]; // receives errno if exec fails, and is closed if it succeeds
  if (pipe2(report, O_CLOEXEC) != 0) return -1;

  // Block all signals, so that no handler of the launcher runs in the child before it resets them.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t launcher = getpid();
  pid_t pid = fork();
  if (pid == 0) {
    int writer = above_standard(report[1]);
    exec_worker(request, launcher);
    int reason = errno;
    ssize_t written = write(writer, &reason, sizeof reason);
    (void)written; // after waiting for a debugger the pipe is closed; the exit code reports it
    _exit(127);
  }
  int reason = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);

  close(report[1]);
  if (pid > 0) {
    ssize_t count;
    do count = read(report[0], &reason, sizeof reason);
    while (count < 0 && errno == EINTR);
    if (count != 0) { // exec failed
      while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
      }
      pid = -1;
    }
  }
  close(report[0]);
  errno = reason;
  return pid;
}

static void guard(int channel) {
  enum { limit = 4096 };
  static pid_t groups[limit];
  pid_t message;
  ssize_t size;
  while ((size = read(channel, &message, sizeof message)) != 0) {
    if (size != sizeof message) continue; // an error; a pipe never splits a message this small
    pid_t wanted = message > 0 ? 0 : -message; // a free entry, or the group to remove
    for (int i = 0; i < limit; i++) {
      if (groups[i] == wanted) {
        groups[i] = message > 0 ? message : 0;
        break;
      }
    }
  }
  for (int i = 0; i < limit; i++) {
    if (groups[i] > 0) kill(-groups[i], SIGKILL);
  }
}

pid_t cspawn_start_guard(const char *folder, int *channel) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setsid();
    prctl(PR_SET_NAME, "lockstep-guard");
    if (dup2(ends[0], 0) != 0) _exit(1);
    close_others(1); // includes the launcher's output, whose reader waits for all writers to close
    guard(0);
    // Uses a program, because a process forked from one with threads must not allocate memory.
    char *const remove[] = {"rm", "-rf", "--", (char *)folder, NULL};
    if (folder != NULL) execv("/bin/rm", remove);
    _exit(0);
  }
  close(ends[0]);
  if (pid < 0) close(ends[1]);
  *channel = ends[1];
  return pid;
}

char *const *cspawn_environment(void) { return environ; }

int cspawn_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int cspawn_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return -1; // more than 1024 processors
  return CPU_COUNT(&set);
}

int cspawn_processor_is_allowed(int number) {
  cpu_set_t set;
  if (number < 0 || number >= CPU_SETSIZE || sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  return CPU_ISSET(number, &set) ? 1 : 0;
}

int cspawn_adopt_orphans(int adopt) { return prctl(PR_SET_CHILD_SUBREAPER, adopt); }

static atomic_int watch_channel = -1;
static sigset_t watched, mask_before;
static struct sigaction actions_before[NSIG];

static void forward_signal(int number) {
  int before = errno;
  unsigned char byte = (unsigned char)number;
  // If the pipe is full, the byte is not needed: the pending ones wake the reader.
  ssize_t written = write(atomic_load(&watch_channel), &byte, 1);
  (void)written;
  errno = before;
}

int cspawn_watch_signals(const int *signals, int count, int channel) {
  if (fcntl(channel, F_SETFL, O_NONBLOCK) != 0) return -1;
  pthread_sigmask(SIG_BLOCK, NULL, &mask_before);
  atomic_store(&watch_channel, channel);
  sigemptyset(&watched);
  struct sigaction action = {.sa_handler = forward_signal, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < count; i++) {
    if (sigaction(signals[i], &action, &actions_before[signals[i]]) != 0) {
      int reason = errno;
      cspawn_unwatch_signals(0);
      errno = reason;
      return -1;
    }
    sigaddset(&watched, signals[i]);
  }
  pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
  return 0;
}

void cspawn_unwatch_signals(int ignore) {
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  for (int number = 1; number < NSIG; number++) {
    if (sigismember(&watched, number) != 1) continue;
    int is_ignored = ignore && number != SIGCHLD;
    sigaction(number, is_ignored ? &ignored : &actions_before[number], NULL);
  }
  if (atomic_exchange(&watch_channel, -1) >= 0) pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
}

void cspawn_buffer_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }
