/** The parts of the table of switches: values, and why a run with them fails. */
import type { AgentOptions, LocalAgent } from '../../../scripts/local-agent/index.ts';

/** The parts of a run's way to the agent's log, in order: a run fails at the first one that does not work. */
export const stages = [
  'address',
  'certificate',
  'settings',
  'port',
  'connection',
  'acknowledgement',
  'identity',
  'topic',
  'logger',
  'record',
] as const;

/** Why a run cannot deliver its records. */
export interface Cause {
  readonly stage: (typeof stages)[number];
  /** The possible exit codes: which one, depends on what else the agent lets a run know. */
  readonly codes: readonly number[];
  /** What one line on standard error says. */
  readonly line: RegExp;
  /** The agent keeps what it does not acknowledge: the next run's copies have the same ids. */
  readonly isRepeated?: boolean;
}

/** One value of one switch. */
export interface Value {
  readonly switch: string;
  readonly name: string;
  /** Options of the local agent. */
  readonly agent?: Partial<AgentOptions>;
  /** Options of the job, by flag. `{root}` is the agent's root. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Part of the job's configuration file. */
  readonly config?: Config;
  /** Files in the agent's root, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Happens while the job works. */
  readonly during?: (agent: LocalAgent) => Promise<void>;
  /** Undefined for a value with which everything arrives. */
  readonly cause?: Cause;
  /** What a run finds out about its publications depends on it: one such value at most is in a case where that matters. */
  readonly isEvidence?: boolean;
}

/** The keys of the configuration file that the table needs. */
export interface Config {
  readonly clientIdTemplate?: string;
  readonly payload?: {
    readonly names?: Readonly<Record<string, string>>;
    readonly levels?: Readonly<Record<string, string | number>>;
  };
}

/** Two values that do together what neither does alone. */
export interface Interplay {
  readonly values: readonly [Title, Title];
  readonly cause: Cause;
  /** Further options of the job. */
  readonly flags?: Value['flags'];
}

/** For a job that waits in vain. On a busy machine, an agent that does answer may take seconds. */
export const shortWait = { 'agent-timeout': '5s' };

/** `SWITCH: VALUE`. */
export type Title = `${string}: ${string}`;

export function titleOf(value: Value): Title {
  return `${value.switch}: ${value.name}`;
}
