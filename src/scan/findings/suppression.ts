/**
 * Findings that an administrator wants to suppress: those in an earlier report, those in a list, and those that a
 * comment in the file marks. All of them are counted, by reason.
 */
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
import type { Finding, Location } from '../model/finding.ts';
import { KeySet, keyOfHash, keyOfText } from '../model/key-set.ts';
import { locationsOf } from './equal-secrets.ts';

export interface SuppressionOptions {
  /** A JSON report of this tool. */
  readonly baseline?: string | undefined;
  /** A list in the format of `.gitleaksignore`. */
  readonly ignoreList?: string | undefined;
  readonly obeyMarkers: boolean;
}

export type Suppression = 'baseline' | 'ignore list' | 'inline marker';

/** What a suppressor looks at. */
type Suppressible = Pick<
  Finding,
  | 'fingerprint'
  | 'rule'
  | 'path'
  | 'marker'
  | 'count'
  | 'locations'
  | 'line'
  | 'column'
  | 'endLine'
  | 'endColumn'
>;

/** The reason why a finding is suppressed; undefined when it is not. */
export type Suppressor = (finding: Suppressible) => Suppression | undefined;

/** What to suppress, in a form for all threads. Each buffer is a `KeySet`. */
export interface SuppressionTable {
  /** Fingerprints. */
  readonly baseline: SharedArrayBuffer;
  readonly ignored: SharedArrayBuffer;
  /** Ends of paths, and the same with rule and line: see `lineKey`. */
  readonly files: SharedArrayBuffer;
  readonly lines: SharedArrayBuffer;
  readonly obeyMarkers: boolean;
}

/**
 * Reads what to suppress.
 * @param keyId of the fingerprints of this run: a baseline made with another key would match nothing
 * @throws TaskError `config` that names the file and what is wrong with it
 */
export async function openSuppressions(
  { baseline, ignoreList, obeyMarkers }: SuppressionOptions,
  keyId: string,
  readInput: ReadInput,
): Promise<SuppressionTable> {
  const known = baseline === undefined ? [] : await readBaseline(baseline, keyId, readInput);
  const ignored: Ignored =
    ignoreList === undefined
      ? { fingerprints: [], files: [], lines: [] }
      : await readIgnoreList(ignoreList, readInput);
  return {
    baseline: KeySet.of(known).shared,
    ignored: KeySet.of(ignored.fingerprints).shared,
    files: KeySet.of(ignored.files).shared,
    lines: KeySet.of(ignored.lines).shared,
    obeyMarkers,
  };
}

/** True when nothing can be suppressed. */
export function suppressesNothing({ baseline, ignored, lines, obeyMarkers }: SuppressionTable): boolean {
  return !obeyMarkers && baseline.byteLength + ignored.byteLength + lines.byteLength === 0;
}

/** Decides about findings, whose paths must be redacted already. */
export function suppressorOf(table: SuppressionTable): Suppressor {
  if (suppressesNothing(table)) return () => undefined;
  const baseline = new KeySet(table.baseline);
  const ignored = new KeySet(table.ignored);
  const isIgnoredByLine = ignoredByLine(new KeySet(table.files), new KeySet(table.lines));
  return (finding) => {
    const key = keyOfHash(finding.fingerprint);
    if (baseline.has(key)) return 'baseline';
    if (ignored.has(key) || isIgnoredByLine(finding)) return 'ignore list';
    return table.obeyMarkers && finding.marker !== undefined ? 'inline marker' : undefined;
  };
}

/** True for a finding all of whose locations are listed, and named by the list. */
function ignoredByLine(files: KeySet, lines: KeySet): (finding: Suppressible) => boolean {
  if (files.size === 0) return () => false;
  /** The ends of the latest path that are in the list. */
  let ends: readonly string[] = [];
  let endsOf = '';
  return (finding) => {
    const { rule, path, count } = finding;
    if (path !== endsOf) {
      ends = endsOfPath(path).filter((end) => files.has(keyOfText(end)));
      endsOf = path;
    }
    if (ends.length === 0) return false;
    const locations = locationsOf(finding);
    const isNamed = ({ line }: Location) => ends.some((end) => lines.has(lineKey(end, rule, line)));
    return locations.length === count && locations.every(isNamed);
  };
}

/** A path, and what follows each of its separators. */
function endsOfPath(path: string): string[] {
  const slashed = path.replaceAll('\\', '/');
  const ends = [slashed];
  for (let at = slashed.indexOf('/'); at >= 0; at = slashed.indexOf('/', at + 1))
    ends.push(slashed.slice(at + 1));
  return ends;
}

function lineKey(file: string, rule: string, line: number): bigint {
  return keyOfText(`${file}:${rule}:${line}`);
}

/** A report lists up to 30,000 findings, usually in less than 30 MiB. */
const MAX_BASELINE_BYTES = 32 * 1024 * 1024;
const MAX_IGNORE_LIST_BYTES = 16 * 1024 * 1024;

/** @returns the fingerprints */
async function readBaseline(path: string, keyId: string, readInput: ReadInput): Promise<readonly bigint[]> {
  const { parseReport } = await import('../report/read.ts');
  const text = (await readInput(path, { what: '--baseline', maxBytes: MAX_BASELINE_BYTES })).toString('utf8');
  let report;
  try {
    report = await parseReport(text);
  } catch (error) {
    throw new TaskError(
      'config',
      `--baseline ${path}: it is not a JSON report of this program: ${describeError(error)}; make one with --report=FILE.json`,
    );
  }
  if (report.outcome.fingerprintKey !== keyId) {
    throw new TaskError(
      'config',
      `--baseline ${path}: its fingerprints were made with another key; make it again with the state directory of this run, or give both the same --fingerprint-key`,
    );
  }
  return report.outcome.findings.flatMap(({ fingerprint }) =>
    isFingerprint.test(fingerprint) ? [keyOfHash(fingerprint)] : [],
  );
}

/** Whole, or as a record has it. */
const isFingerprint = /^[0-9a-f]{16,64}$/;

/** The keys of what a list names. */
interface Ignored {
  readonly fingerprints: bigint[];
  readonly files: bigint[];
  readonly lines: bigint[];
}

/** One finding per line: `path:rule:line`, where the path may be relative, or a fingerprint; `#` starts a comment. */
async function readIgnoreList(path: string, readInput: ReadInput): Promise<Ignored> {
  const text = (await readInput(path, { what: '--ignore-list', maxBytes: MAX_IGNORE_LIST_BYTES })).toString(
    'utf8',
  );
  const ignored: Ignored = { fingerprints: [], files: [], lines: [] };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.replace(/\s*(?:#.*)?$/, '').trim();
    if (entry === '') continue;
    // Lists of a repository's history start with the commit.
    const [, file, rule = '', number] = /^(?:[0-9a-f]{40}:)?(.+):([^:]+):(\d+)$/.exec(entry) ?? [];
    if (isFingerprint.test(entry)) ignored.fingerprints.push(keyOfHash(entry));
    else if (file !== undefined) {
      const end = file.replaceAll('\\', '/');
      ignored.files.push(keyOfText(end));
      ignored.lines.push(lineKey(end, rule, Number(number)));
    } else {
      throw new TaskError(
        'config',
        `--ignore-list ${path}: line ${index + 1} is neither path:rule:line nor a fingerprint`,
      );
    }
  }
  return ignored;
}
