/** The rules of a file, read and merged: plain data, which can be sent to another thread. Expressions are RE2's. */

import { TaskError } from '../../../host/exit/task-error.ts';

/** Matches that are permitted. */
export interface AllowlistData {
  /** Whether one of its kinds of criteria is sufficient. */
  readonly condition: 'or' | 'and';
  /** Expressions for the file's path, with forward slashes. */
  readonly paths: readonly string[];
  readonly regexes: readonly string[];
  /** What `regexes` are applied to: the secret, the whole match, or the lines that contain it. */
  readonly regexTarget: 'secret' | 'match' | 'line';
  /** What a secret may contain, in any case. */
  readonly stopwords: readonly string[];
  /** It also requires commits. A file on a disk belongs to none, so that is never satisfied. */
  readonly hasCommits: boolean;
}

/** An allowlist at the top level of a file. */
export interface GlobalAllowlist extends AllowlistData {
  /** Ids of the rules whose findings it permits; empty for all, custom and built-in. */
  readonly targets: readonly string[];
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
  /** Without it, the rule applies only to paths. */
  readonly regex: string | undefined;
  readonly path: string | undefined;
  /** 0: the first group that captured something, or else the whole match. */
  readonly secretGroup: number;
  /** Shannon entropy, in bits per byte, that a secret must exceed; 0 for no requirement. */
  readonly entropy: number;
  readonly keywords: readonly string[];
  /** It only serves other rules that require it, and reports nothing itself. */
  readonly isSilent: boolean;
  readonly allowlists: readonly AllowlistData[];
  readonly required: readonly RequiredData[];
}

export interface RuleSet {
  /** As the administrator specified it, for errors. */
  readonly path: string;
  /** Only its name, for findings. */
  readonly file: string;
  readonly rules: readonly RuleData[];
  /** For the findings of all rules, or of those that they name. */
  readonly allowlists: readonly GlobalAllowlist[];
}

/** The error for something in a file that is not supported. */
export function refusal(path: string, what: string): TaskError {
  return new TaskError('config', `--rules ${path}: ${what}`);
}
