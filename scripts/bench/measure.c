/*
 * Runs one command and prints what it cost: wall seconds, CPU seconds, peak resident bytes (of the largest process
 * among it and the children that it waited for), exit status or minus the signal that ended it. What the
 * command prints is thrown away, so that printing costs every command the same. After the timeout its whole process group is killed.
 *
 * A small program, because Linux counts the memory of the process that forks as the child's until the child's exec.
 *
 *   measure SECONDS COMMAND [ARGUMENT...]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile pid_t child;

static void kill_group(int signal) {
  (void)signal;
  if (child > 0) kill(-child, SIGKILL);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: measure SECONDS COMMAND [ARGUMENT...]\n");
    return 64;
  }
  struct sigaction action = {.sa_handler = kill_group, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);

  double began = now();
  child = fork();
  if (child < 0) {
    perror("fork");
    return 71;
  }
  if (child == 0) {
    setpgid(0, 0);
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execvp(arguments[2], arguments + 2);
    _exit(127);
  }
  setpgid(child, child);
  alarm((unsigned)atoi(arguments[1]));
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) {
    perror("wait4");
    return 71;
  }
  double ended = now();
  alarm(0);
#ifdef __APPLE__
  long long peak = usage.ru_maxrss;
#else
  long long peak = (long long)usage.ru_maxrss * 1024;
#endif
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  printf("%.6f %.6f %lld %d\n", ended - began, seconds(usage.ru_utime) + seconds(usage.ru_stime), peak, code);
  return 0;
}
