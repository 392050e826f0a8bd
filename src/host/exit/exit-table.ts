/**
 * The one table of exit codes. It feeds `--help`, the README and the test that walks it.
 * Codes follow sysexits(3) where one fits. 1 is left to Node for what nobody foresaw; 4 is never used, since broken
 * packed executables end with it.
 */
import { type ErrorKind, errorKind } from './task-error.ts';

/** One way for a run to end, and the kinds of error that end in it. */
interface ExitCodeRow {
  readonly name: string;
  readonly code: number;
  readonly meaning: string;
  readonly kind?: ErrorKind;
}

/** Worst first: when several apply, the first one is the run's. */
export const exitCodes = [
  { name: 'internal', code: 70, meaning: 'internal error', kind: 'internal' },
  { name: 'usage', code: 64, meaning: 'a flag or an argument is wrong', kind: 'usage' },
  {
    name: 'config',
    code: 78,
    meaning: 'configuration invalid, or KEEPER_JOB_ID missing outside a dry run',
    kind: 'config',
  },
  { name: 'terminated', code: 143, meaning: 'ended by SIGTERM, with every record flushed' },
  { name: 'interrupted', code: 130, meaning: 'ended by SIGINT, with every record flushed' },
  { name: 'busy', code: 75, meaning: 'another run is in progress', kind: 'busy' },
  { name: 'no-root', code: 66, meaning: 'none of the roots exists', kind: 'no-root' },
  { name: 'cannot-write', code: 73, meaning: 'state or report cannot be written', kind: 'cannot-write' },
  {
    name: 'refused',
    code: 77,
    meaning: 'refused by the agent (401, 403, MQTT), or its port belongs to another user',
    kind: 'agent-refused',
  },
  { name: 'bad-reply', code: 76, meaning: 'the agent sent an invalid response', kind: 'agent-reply' },
  { name: 'unreachable', code: 69, meaning: 'agent or broker unreachable', kind: 'agent-unreachable' },
  { name: 'incomplete', code: 11, meaning: 'coverage is incomplete, with --strict' },
  { name: 'findings', code: 10, meaning: 'findings at or above --fail-on' },
  { name: 'ok', code: 0, meaning: 'the run completed (findings are data, not failure)' },
] as const satisfies readonly ExitCodeRow[];

/** The name of a row of the table. */
export type ExitName = (typeof exitCodes)[number]['name'];

/** The row that something thrown ends in. */
export function exitFor(error: unknown): ExitName {
  const kind = errorKind(error);
  return exitCodes.find((row) => 'kind' in row && row.kind === kind)?.name ?? 'internal';
}

/** The worst of several outcomes; `ok` when there is none. */
export function worstExit(names: Iterable<ExitName>): ExitName {
  const all = new Set(names);
  return exitCodes.find((row) => all.has(row.name))?.name ?? 'ok';
}

/** The number that the process ends with. */
export function exitCodeOf(name: ExitName): number {
  return exitCodes.find((row) => row.name === name)?.code ?? 70;
}
