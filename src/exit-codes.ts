/**
 * The one table of exit codes. It feeds `--help`, the README and the test that walks it.
 * Codes follow sysexits(3) where one fits. 1 is left to Node for what nobody foresaw; 4 is never used, since broken
 * packed executables end with it.
 */
import { type ErrorKind, errorKind } from './errors.ts';

/** One way for a run to end. The table is ordered: when several apply, the first one wins. */
interface ExitCodeRow {
  readonly code: number;
  readonly meaning: string;
  readonly kinds?: readonly ErrorKind[];
}

export const exitCodes = {
  internal: { code: 70, meaning: 'internal error', kinds: ['internal'] },
  usage: { code: 64, meaning: 'a flag or an argument is wrong', kinds: ['usage'] },
  config: {
    code: 78,
    meaning: 'configuration invalid, or KEEPER_JOB_ID missing outside a dry run',
    kinds: ['config'],
  },
  terminated: { code: 143, meaning: 'ended by SIGTERM, with every record flushed' },
  interrupted: { code: 130, meaning: 'ended by SIGINT, with every record flushed' },
  busy: { code: 75, meaning: 'another run is in progress', kinds: ['busy'] },
  noRoot: { code: 66, meaning: 'none of the roots exists', kinds: ['no-root'] },
  cannotWrite: { code: 73, meaning: 'state or report cannot be written', kinds: ['cannot-write'] },
  refused: {
    code: 77,
    meaning: 'refused by the agent (401, 403, or MQTT not authorised)',
    kinds: ['agent-refused'],
  },
  badReply: { code: 76, meaning: "the agent's reply makes no sense", kinds: ['agent-reply'] },
  unreachable: { code: 69, meaning: 'agent or broker unreachable', kinds: ['agent-unreachable'] },
  incomplete: { code: 11, meaning: 'coverage is incomplete, with --strict' },
  findings: { code: 10, meaning: 'findings at or above --fail-on' },
  ok: { code: 0, meaning: 'the run completed (findings are data, not failure)' },
} as const satisfies Record<string, ExitCodeRow>;

/** The name of a row of the table. */
export type ExitName = keyof typeof exitCodes;

/** The rows, worst first. */
export const exitCodeRows: readonly (ExitCodeRow & { readonly name: ExitName })[] = Object.entries(
  exitCodes,
).map(([name, row]) => ({ name: name as ExitName, ...row }));

/** The row that something thrown ends in. */
export function exitFor(error: unknown): ExitName {
  const kind = errorKind(error);
  return exitCodeRows.find((row) => row.kinds?.includes(kind))?.name ?? 'internal';
}

/** The code of the worst of several outcomes; 0 when there is none. */
export function worstExit(names: Iterable<ExitName>): number {
  const all = new Set(names);
  return exitCodeRows.find((row) => all.has(row.name))?.code ?? exitCodes.ok.code;
}
