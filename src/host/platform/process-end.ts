/**
 * Ends the process even if a thread is stuck in a system call: a mount that never answers, a pipe without a reader. Node waits for
 * its threads before it ends, and so does `process.exit`. Replacing the process with another program does not wait: the kernel ends
 * the threads.
 */

/** Milliseconds that an idle process may take to end by itself. */
const ENDING_MS = 200;

/**
 * Sets the exit code and makes sure that the process ends. To be called when there is nothing left to wait for.
 * @param code 0 to 255
 */
export function endSoon(code: number): void {
  process.exitCode = code;
  // `unref`: the timer fires only if something else keeps the process alive.
  setTimeout(() => endNow(code), ENDING_MS).unref();
}

/**
 * Ends the process at once, regardless of its threads. On Linux and macOS, the process becomes a shell that only exits with this
 * code. Its path is fixed, its environment is empty, and its only argument contains a number. If that is not possible, for example
 * on Windows, the process kills itself: with code 1 on Windows, with SIGKILL elsewhere.
 */
export function endNow(code: number): never {
  try {
    // Suppresses Node's warning that the function is experimental.
    process.removeAllListeners('warning');
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${Math.trunc(code) & 0xff}`], {});
  } catch {
    // There is no such shell, or it may not be started.
  }
  process.kill(process.pid, 'SIGKILL');
  // Not reached: a signal to the calling process is delivered before kill(2) returns.
  throw new Error('the process cannot be ended');
}
