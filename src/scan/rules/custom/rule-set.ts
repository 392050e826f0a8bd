/** Rules of a file, read and put together: plain data, which can be handed to another thread. Expressions are RE2's. */

import { TaskError } from '../../../host/exit/task-error.ts';

/** What is let pass although a rule matched it. */
export interface AllowlistData {
  /** Whether one of its kinds of criteria is enough. */
  readonly condition: 'or' | 'and';
  /** Expressions for the file's path, with forward slashes. */
  readonly paths: readonly string[];
  readonly regexes: readonly string[];
  /** What `regexes` are tried on: the secret, the whole match, or the lines that it is on. */
  readonly regexTarget: 'secret' | 'match' | 'line';
  /** What a secret may contain, in any case. */
  readonly stopwords: readonly string[];
  /** It asks for commits too. A file on a disk belongs to none, so that is never met. */
  readonly hasCommits: boolean;
}

/** Another rule that must match nearby. */
export interface RequiredData {
  readonly id: string;
  readonly withinLines: number | undefined;
  readonly withinColumns: number | undefined;
}

export interface RuleData {
  readonly id: string;
  readonly title: string;
  /** Without it, the rule is about paths alone. */
  readonly regex: string | undefined;
  readonly path: string | undefined;
  /** 0: the first group that captured something, or else the whole match. */
  readonly secretGroup: number;
  /** Shannon's, in bits per byte, that a secret must be above; 0 asks for none. */
  readonly entropy: number;
  readonly keywords: readonly string[];
  /** It serves other rules that require it, and reports nothing itself. */
  readonly isSilent: boolean;
  readonly allowlists: readonly AllowlistData[];
  readonly required: readonly RequiredData[];
}

export interface RuleSet {
  /** As the administrator gave it, for errors. */
  readonly path: string;
  /** Its name alone, for findings. */
  readonly file: string;
  readonly rules: readonly RuleData[];
  /** For the findings of all its rules. */
  readonly allowlists: readonly AllowlistData[];
}

/** The error for something in a file that cannot be honoured. */
export function refusal(path: string, what: string): TaskError {
  return new TaskError('config', `--rules ${path}: ${what}`);
}
