/**
 * One task in one process: starts it, registers it before it can connect to anything, captures its output, and kills it with all its
 * descendants after its timeout. The runner decides what the result means for the job.
 */
import { spawn } from 'node:child_process';
import { describeError } from '../../../src/host/exit/task-error.ts';
import type { ProcessRegistry } from '../trust/process-registry.ts';
import { type OutputName, type TaskOutput, captureOutput } from './task-output.ts';
import { killGroup, killTree } from './process-tree.ts';

export interface TaskCommand {
  readonly taskId: string;
  readonly jobId: string;
  readonly executable: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Milliseconds; undefined for no limit. */
  readonly timeout: number | undefined;
}

/** The result of a task. Times are milliseconds since 1970. */
export interface TaskRun {
  readonly taskId: string;
  /** Undefined if no process was started. */
  readonly pid: number | undefined;
  /** Null if a signal ended it, or nothing was started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** At most the first 16 MiB of each, as UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
  /** True if one of them was longer. */
  readonly isOutputCut: boolean;
  readonly timedOut: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Why nothing was started. */
  readonly refused?: string;
}

/** How long output is waited for after the process has ended, when something it started keeps the pipe open. */
const OUTPUT_GRACE = 2000;

export interface RunningTask {
  readonly done: Promise<TaskRun>;
  /** Ends it like a timeout. */
  kill(): void;
}

export interface TaskSurroundings {
  readonly registry: ProcessRegistry;
  /** True if processes that a task leaves behind are ended with it. */
  readonly reapChildren: boolean;
  readonly onOutput?: ((output: TaskOutput) => void) | undefined;
}

/** A `TaskRun` of a task that was not started. */
export function refusedTask(taskId: string, refused: string): TaskRun {
  const now = Date.now();
  return {
    taskId,
    pid: undefined,
    exitCode: null,
    signal: null,
    stdout: '',
    stderr: '',
    isOutputCut: false,
    timedOut: false,
    startedAt: now,
    endedAt: now,
    refused,
  };
}

/** Starts the task. Never throws: a failure to start is part of the `TaskRun`. */
export function startTask(command: TaskCommand, surroundings: TaskSurroundings): RunningTask {
  try {
    return start(command, surroundings);
  } catch (error) {
    return { done: Promise.resolve(refusedTask(command.taskId, describeError(error))), kill: () => {} };
  }
}

function start(command: TaskCommand, { registry, reapChildren, onOutput }: TaskSurroundings): RunningTask {
  const startedAt = Date.now();
  const child = spawn(command.executable, command.arguments, {
    cwd: command.workingDirectory,
    env: command.environment,
    // A process group of its own, so that it can be ended as a whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const { pid } = child;
  // In the same tick as the start: connections are checked in a later one.
  const entry = pid === undefined ? undefined : registry.add(pid, command.jobId);
  let timedOut = false;
  const kill = () => {
    if (entry !== undefined && registry.isLive(entry)) killTree(entry.pid);
  };
  const timer =
    command.timeout === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          kill();
        }, command.timeout);

  const { jobId, taskId } = command;
  const lines = (name: OutputName) =>
    onOutput === undefined ? undefined : (line: string) => onOutput({ jobId, taskId, name, line });
  const stdout = captureOutput(child.stdout, lines('standard output'));
  const stderr = captureOutput(child.stderr, lines('standard error'));
  const done = new Promise<TaskRun>((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const ended = (exitCode: number | null, signal: string | null, refused?: string) => {
      clearTimeout(timer);
      clearTimeout(grace);
      resolve({
        taskId: command.taskId,
        pid,
        exitCode,
        signal,
        stdout: stdout.text(),
        stderr: stderr.text(),
        isOutputCut: stdout.isCut() || stderr.isCut(),
        timedOut,
        startedAt,
        endedAt: Date.now(),
        ...(refused === undefined ? {} : { refused }),
      });
    };
    child.once('error', (error) => {
      if (pid === undefined) ended(null, null, error.message);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      if (entry !== undefined) registry.remove(entry);
      if (reapChildren && pid !== undefined) killGroup(pid);
      grace = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, OUTPUT_GRACE);
    });
    child.once('close', (exitCode, signal) => ended(exitCode, signal));
  });
  return { done, kill };
}
