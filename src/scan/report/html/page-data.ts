/**
 * What the HTML page shows: one run, or the machines of a fleet. The program writes it into the page as JSON, and the
 * page's script reads it. It has no field for a secret's value. Keys that occur once for each finding are short: there may
 * be tens of thousands.
 */
import type { Confidence, Severity } from '../../model/finding.ts';

/** By reason, or by owner. */
export type Counts = Readonly<Record<string, number>>;

export interface PageRule {
  readonly id: string;
  readonly title: string;
  /** The group of rules that it belongs to: `github`. */
  readonly family?: string | undefined;
  readonly remediation: string;
  /** The page that documents the format; it may also be the name of a standard. */
  readonly source: string;
}

/** What a run scanned, and what it did not. */
export interface PageCoverage {
  readonly folders: number;
  readonly files: number;
  readonly unchanged: number;
  readonly bytes: number;
  /** What was scanned besides files, by source: the number of processes. */
  readonly sources?: Counts | undefined;
  readonly skipped: Counts;
  readonly unexamined: Counts;
  readonly gaps: readonly { readonly path: string; readonly reason: string }[];
}

/** A machine and its newest run. */
export interface PageMachine {
  readonly name: string;
  readonly os?: string | undefined;
  readonly team?: string | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Undefined when the input does not say how the run ended. */
  readonly exit?: { readonly code: number; readonly meaning: string } | undefined;
  readonly tool?: { readonly name: string; readonly version: string } | undefined;
  /** All findings of the run by severity, also those that are not listed; without those in files of packages. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly shipped: number;
  /** Findings that were counted and are not listed, by owner. */
  readonly omitted: Counts;
  readonly suppressed: Counts;
  /** How many rules were disabled. */
  readonly disabledRules: number;
  /** Since the run before; undefined where no state is kept. */
  readonly changes?: { readonly new: number; readonly moved: number; readonly resolved: number } | undefined;
  readonly fingerprintKey?: string | undefined;
  /** Undefined when the input does not say what was scanned. */
  readonly coverage?: PageCoverage | undefined;
  /** The files and folders that were scanned, as far as they are listed. */
  readonly roots?: readonly string[] | undefined;
  /** How many reports of the machine were read. */
  readonly reports?: number;
}

/**
 * `gone`: in an earlier report, and not in the newest one, which is complete. `unconfirmed`: the same, but the newest
 * report is not complete.
 */
export type PageState = 'new' | 'persisting' | 'moved' | 'gone' | 'unconfirmed';

/** One secret in one file. */
export interface PageFinding {
  /** Index of its machine. */
  readonly m: number;
  /** Index of its rule. */
  readonly r: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly path: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** In a binary: the offset of its first byte. */
  readonly byte?: number | undefined;
  /** Further lines (or offsets, in a binary) of the secret in the file, as far as they are listed. */
  readonly also?: readonly number[] | undefined;
  /** How many times the secret occurs in the file. */
  readonly count: number;
  /** In how many files on its machine the secret is known, if in more than are listed. */
  readonly files?: number | undefined;
  /** The short form of the fingerprint. */
  readonly fp: string;
  readonly evidence: readonly string[];
  readonly exposure: readonly string[];
  readonly owner?: string | undefined;
  readonly team?: string | undefined;
  readonly marker?: string | undefined;
  readonly shippedBy?: string | undefined;
  readonly state?: PageState | undefined;
  /** ISO 8601, UTC: when it was first seen. */
  readonly since?: string | undefined;
}

/** How many findings there were at the end of a day, by severity. */
export interface PageTrendPoint {
  /** `2026-11-30`. */
  readonly day: string;
  readonly counts: Readonly<Record<Severity, number>>;
}

export interface PageData {
  readonly kind: 'run' | 'fleet';
  /** ISO 8601, UTC: the end of the newest run. */
  readonly at: string;
  readonly machines: readonly PageMachine[];
  readonly rules: readonly PageRule[];
  readonly findings: readonly PageFinding[];
  /** What the reader must know about the input: files that were left out, keys that differ. */
  readonly warnings: readonly string[];
  /** Oldest first; absent where there is no history. */
  readonly trend?: readonly PageTrendPoint[];
}
