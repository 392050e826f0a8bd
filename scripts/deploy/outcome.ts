/**
 * The outcome of a triggered run: from its lines in `KeeperLogger.log`, and from the agent if it provides it. With the default level, only
 * the agent shows a clean run, which logs nothing at `Warning`.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { runEvents } from '../../src/host/task/run-events.ts';
import type { AgentApi } from './agent-api.ts';

const POLL_INTERVAL_MS = 500;
/** The prefixes of messages with a run's outcome. */
const outcomes = [runEvents.summary, runEvents.failed, runEvents.ended].map(({ text }) => text);
const endedWith = new RegExp(`${RegExp.escape(runEvents.ended.text)}: code=(\\d+)`);
const Run = z.looseObject({ exitCode: z.int().nullable() });

export interface Outcome {
  /** Undefined if it is not known in time. */
  readonly code: number | undefined;
  /** The run's log lines with its summary and its end. */
  readonly lines: readonly string[];
}

/** Triggers the job and waits. @param wait milliseconds */
export async function runOnce(api: AgentApi, id: string, log: string, wait: number): Promise<Outcome> {
  const before = JSON.stringify(await api.lastRun(id));
  const from = sizeOf(log);
  await api.run(id);
  for (const deadline = Date.now() + wait; Date.now() < deadline; await sleep(POLL_INTERVAL_MS)) {
    const run = await api.lastRun(id);
    const lines = linesFrom(log, from).filter((line) => outcomes.some((text) => line.includes(text)));
    const ended = lines.map((line) => endedWith.exec(line)?.[1]).find(Boolean);
    if (ended !== undefined) return { code: Number(ended), lines };
    if (run !== undefined && JSON.stringify(run) !== before) {
      return { code: Run.safeParse(run).data?.exitCode ?? undefined, lines };
    }
  }
  return { code: undefined, lines: [] };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The lines after an offset; all lines if the file is shorter, because it was rotated. */
function linesFrom(path: string, offset: number): string[] {
  const size = sizeOf(path);
  if (size === 0) return [];
  const start = size < offset ? 0 : offset;
  const bytes = Buffer.alloc(size - start);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, bytes, 0, bytes.length, start);
  } finally {
    closeSync(descriptor);
  }
  return bytes.toString().split('\n');
}
