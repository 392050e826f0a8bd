/**
 * Reads what to suppress, from the files that options name. Apart from `suppression.ts`, so that only the main thread loads what this
 * needs.
 */
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
import { KeySet, keyOfHash } from '../model/key-set.ts';
import {
  type FingerprintKeyInUse,
  type IgnoreListContext,
  type Ignored,
  readIgnoreList,
} from './ignore-list.ts';
import type { SuppressionTable } from './suppression.ts';

export interface SuppressionOptions {
  /** A JSON report of this tool. */
  readonly baseline?: string | undefined;
  /** See `ignore-list.ts`. */
  readonly ignoreList?: string | undefined;
  readonly obeyMarkers: boolean;
}

/** What the names in a list are checked against, and who hears about it. */
export interface SuppressionContext extends IgnoreListContext {
  readonly readInput: ReadInput;
  /** Called once with the numbers of the lines of the list that have expired, if there are any. */
  readonly onExpired: (list: string, lines: readonly number[]) => void;
}

/**
 * Reads what to suppress.
 * @throws TaskError `config` that names the file and what is wrong with it: also a baseline or fingerprints that would match nothing
 */
export async function openSuppressions(
  { baseline, ignoreList, obeyMarkers }: SuppressionOptions,
  context: SuppressionContext,
): Promise<SuppressionTable> {
  const { key, readInput, onExpired } = context;
  const known = baseline === undefined ? [] : await readBaseline(baseline, key, readInput);
  const ignored = ignoreList === undefined ? nothing : await readIgnoreList(ignoreList, readInput, context);
  if (ignoreList !== undefined && ignored.expired.length > 0) onExpired(ignoreList, ignored.expired);
  return {
    baseline: KeySet.of(known).shared,
    ignored: KeySet.of(ignored.fingerprints).shared,
    files: KeySet.of(ignored.files).shared,
    lines: KeySet.of(ignored.lines).shared,
    globs: ignored.globs,
    obeyMarkers,
  };
}

const nothing: Ignored = { fingerprints: [], files: [], lines: [], globs: [], expired: [] };

/** @returns the fingerprints */
async function readBaseline(
  path: string,
  { id, problem }: FingerprintKeyInUse,
  readInput: ReadInput,
): Promise<readonly bigint[]> {
  const { readNamedReport } = await import('../report/read.ts');
  const report = await readNamedReport(path, '--baseline', readInput);
  const refuse = (reason: string) => new TaskError('config', `--baseline ${path}: ${reason}`);
  const { fingerprintKey, findings } = report.outcome;
  if (problem !== undefined) {
    throw refuse(
      `it matches nothing, because this run has no lasting fingerprint key: ${describeError(problem)}`,
    );
  }
  if (fingerprintKey !== id) {
    throw refuse(
      'its fingerprints were made with another key; make it again as the same user and with the same --state-dir as this run, or give both runs the same --fingerprint-key',
    );
  }
  return findings.flatMap(({ fingerprint }) =>
    isFingerprint.test(fingerprint) ? [keyOfHash(fingerprint)] : [],
  );
}

/** Whole, or as a record has it. */
const isFingerprint = /^[0-9a-f]{16,64}$/;
