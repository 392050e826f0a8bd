/**
 * The seam between a run and its work. An integrator keeps everything else and replaces the task.
 * A finding has no field for the secret's value, so none can be printed.
 */
import type * as z from 'zod';
import type { Announce, Log, LogEvent } from '../log/index.ts';
import type { Platform, ReadInput, Store } from '../platform/index.ts';

/** How grave a finding is, least first. `--fail-on` takes one of these. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How sure a task is that a finding is what it seems, least first. */
export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/** What a rule looks for, as reports describe it. */
export interface RuleDescription {
  /** Stable, kebab-case: `github-fine-grained-token`. */
  readonly id: string;
  /** `GitHub fine-grained personal access token`. */
  readonly title: string;
  readonly severity: Severity;
  /** What the owner of the file should do. */
  readonly remediation: string;
  /** The vendor's page that documents the format. */
  readonly source: string;
}

/** Bytes of a file; the first one of the file has offset 0. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** One thing found. */
export interface Finding {
  /** Id of its rule. */
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** How sure it is: `high` when the format or a checksum says so, `low` when it only looks like one. */
  readonly confidence: Confidence;
  /** Absolute path; a secret in the path itself is redacted. */
  readonly path: string;
  /**
   * 1-based, of the secret's first character; columns count UTF-16 code units, as editors do. A binary is one line, and
   * its columns count bytes.
   */
  readonly line: number;
  readonly column: number;
  /** Of the character after its last one. */
  readonly endLine: number;
  readonly endColumn: number;
  /** In a binary alone: the secret's bytes in the file. */
  readonly bytes?: ByteRange | undefined;
  /** HMAC-SHA-256 of the secret under this installation's key, hexadecimal: the same secret, the same fingerprint. */
  readonly fingerprint: string;
  /** What speaks for or against it: `checksum valid`, `documented sample` ... */
  readonly evidence: readonly string[];
  /** The comment on its line that asks other scanners to pass over it. */
  readonly marker?: string;
  /** Who else can get at it: `readable by everyone`, `in a git work tree` ... */
  readonly exposure: readonly string[];
  /** Whose file it is: a uid, or on Windows a profile; undefined where that is not known. */
  readonly owner?: string;
  /** What became of it since the last run; undefined where no state is kept. */
  readonly history?: FindingHistory | undefined;
}

/** Known since when, and new to whom. */
export interface FindingHistory {
  readonly state: 'new' | 'persisting' | 'moved';
  /** ISO 8601, UTC: when this secret was first seen, here or where it was moved or copied from. */
  readonly since: string;
}

/** What became of all findings since the last run. */
export interface Lifecycle {
  readonly new: number;
  readonly persisting: number;
  readonly moved: number;
  /** Gone: these are no findings any more. */
  readonly resolved: number;
}

/** Something that should have been examined and was not. */
export interface Gap {
  readonly path: string;
  readonly reason: string;
}

/** What was examined and what was not. Counts are complete; lists are bounded. */
export interface Coverage {
  readonly folders: number;
  /** Examined in this run. */
  readonly files: number;
  /** Not opened: they are as they were when an earlier run examined them. */
  readonly unchanged: number;
  readonly bytes: number;
  /** Left out on purpose, by reason: links, binaries, excludes ... */
  readonly skipped: Readonly<Record<string, number>>;
  /** Could not be examined, by reason. Not empty means that coverage is incomplete. */
  readonly unexamined: Readonly<Record<string, number>>;
  /** The first of what `unexamined` counts. */
  readonly gaps: readonly Gap[];
}

/** What a task's work came to. */
export interface Outcome {
  readonly rules: readonly RuleDescription[];
  /** At most as many as the task keeps; `findingCount` is the whole. */
  readonly findings: readonly Finding[];
  readonly findingCount: Readonly<Record<Severity, number>>;
  /** What was found and is not in `findings`, since the administrator asked for that; by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  /** Findings that `findingCount` counts and `findings` does not list, by owner of their files. */
  readonly omitted?: Readonly<Record<string, number>> | undefined;
  /** Tells which key the fingerprints were made with. Empty when there are none. */
  readonly fingerprintKey: string;
  /** Undefined where no state is kept. */
  readonly lifecycle?: Lifecycle | undefined;
  readonly coverage: Coverage;
}

/** The outcome of a task that looks for nothing and covers nothing. */
export const nothingFound: Outcome = {
  rules: [],
  findings: [],
  findingCount: { low: 0, medium: 0, high: 0, critical: 0 },
  suppressed: {},
  fingerprintKey: '',
  coverage: { folders: 0, files: 0, unchanged: 0, bytes: 0, skipped: {}, unexamined: {}, gaps: [] },
};

/** What a run gives its task. */
export interface TaskContext<Options> {
  readonly options: Options;
  readonly platform: Platform;
  readonly log: Log;
  /**
   * For records that must never be dropped: says whether the record was accepted. Without it, `log` accepts everything.
   */
  readonly announce?: Announce | undefined;
  /**
   * Reads a file that an option names. Such files must not be opened in any other way, so that none of them can hang or mislead
   * the run.
   */
  readonly readInput: ReadInput;
  /** Aborted when the work must end early: a signal, or the end of `--max-duration`. */
  readonly signal: AbortSignal;
  /** Where state may be kept; undefined in a dry run, which keeps none. It exists and is private to this user. */
  readonly stateDirectory: string | undefined;
  /**
   * The store in that directory, with the tables of `storeSchema`. Records that are logged within one of its transactions
   * are delivered exactly if the transaction is committed, in this run or a later one. Undefined although there is a state
   * directory when the store cannot be used.
   */
  readonly store: Store | undefined;
  /**
   * Reports that state cannot be read or written: the run will end with `cannot-write`, and the work continues. Findings that
   * cannot be stored must not be announced, because the next run finds and announces them.
   */
  readonly onStateFailure?: ((error: unknown) => void) | undefined;
  /** The executable's version: state may have to be made anew when it changes. */
  readonly version: string;
}

/** The periodic work of one executable. */
export interface Task<Schema extends z.ZodObject = z.ZodObject> {
  /** kebab-case: the executable's name, the source of its records, the prefix of its environment variables. */
  readonly name: string;
  readonly description: string;
  /** The task's own options; `config/` makes flags, variables and keys of the configuration file from it. */
  readonly configSchema: Schema;
  /** Every event that the task logs, for the operator's table. */
  readonly events: readonly LogEvent[];
  /** SQL that makes the task's tables in the store, step by step; a step that was released never changes. */
  readonly storeSchema?: readonly string[];
  /** Replaces what the task knows as a secret in any text that leaves the process. */
  readonly redact?: (text: string) => string;
  /** Does the work. Must return soon after `signal` aborts, with what it has. */
  execute(context: TaskContext<z.output<Schema>>): Promise<Outcome>;
}
