/**
 * Findings that an administrator wants to suppress: those in an earlier report, those in a list, and those that a
 * comment in the file marks. All of them are counted, by reason.
 */
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
import type { Finding, Location } from '../model/finding.ts';
import { KeySet, keyOfHash, keyOfText } from '../model/key-set.ts';
import { locationsOf } from './equal-secrets.ts';
import {
  ANY,
  type FingerprintKeyInUse,
  type Ignored,
  type IgnoreListContext,
  type IgnoredGlob,
  lineKey,
  readIgnoreList,
} from './ignore-list.ts';

export interface SuppressionOptions {
  /** A JSON report of this tool. */
  readonly baseline?: string | undefined;
  /** See `ignore-list.ts`. */
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
  readonly globs: readonly IgnoredGlob[];
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

/** True when nothing can be suppressed. */
export function suppressesNothing({ baseline, ignored, lines, obeyMarkers }: SuppressionTable): boolean {
  return !obeyMarkers && baseline.byteLength + ignored.byteLength + lines.byteLength === 0;
}

/** Decides about findings, whose paths must be redacted already. */
export function suppressorOf(table: SuppressionTable): Suppressor {
  if (suppressesNothing(table)) return () => undefined;
  const baseline = new KeySet(table.baseline);
  const ignored = new KeySet(table.ignored);
  const isIgnoredByPlace = ignoredByPlace(table);
  return (finding) => {
    const key = keyOfHash(finding.fingerprint);
    if (baseline.has(key)) return 'baseline';
    if (ignored.has(key) || isIgnoredByPlace(finding)) return 'ignore list';
    return table.obeyMarkers && finding.marker !== undefined ? 'inline marker' : undefined;
  };
}

/** A file of a list, as far as it concerns the file of a finding. */
type Place = (rule: string, line: number | undefined) => boolean;

/** True for a finding all of whose locations are listed, and named by the list. */
function ignoredByPlace({ files, lines, globs }: SuppressionTable): (finding: Suppressible) => boolean {
  const listedFiles = new KeySet(files);
  if (listedFiles.size === 0) return () => false;
  const placesIn = placesOf(listedFiles, new KeySet(lines), globs);
  /** Those of the latest path. */
  let places: readonly Place[] = [];
  let placesOfPath: string | undefined;
  return (finding) => {
    const { rule, path, count } = finding;
    if (path !== placesOfPath) {
      places = placesIn(path.replaceAll('\\', '/'));
      placesOfPath = path;
    }
    if (places.length === 0) return false;
    if (places.some((names) => names(rule, undefined))) return true;
    const locations = locationsOf(finding);
    const isNamed = ({ line }: Location) => places.some((names) => names(rule, line));
    return locations.length === count && locations.every(isNamed);
  };
}

/** @returns for a path with forward slashes, the entries of the list that concern it */
function placesOf(files: KeySet, lines: KeySet, globs: readonly IgnoredGlob[]): (path: string) => Place[] {
  const compiled = globs.map((glob) => ({ ...glob, matcher: new RegExp(glob.expression, glob.flags) }));
  return (path) => {
    const named = endsOfPath(path)
      .filter((end) => files.has(keyOfText(end)))
      .map(
        (end): Place =>
          (rule, line) =>
            [rule, ANY].some((name) => lines.has(lineKey(end, name, line))),
      );
    const matched = compiled
      .filter(({ matcher }) => matcher.test(path))
      .map(
        (glob): Place =>
          (rule, line) =>
            (glob.rule === ANY || glob.rule === rule) && glob.line === line,
      );
    return [...named, ...matched];
  };
}

/** A path, and what follows each of its separators. */
function endsOfPath(slashed: string): string[] {
  const ends = [slashed];
  for (let at = slashed.indexOf('/'); at >= 0; at = slashed.indexOf('/', at + 1))
    ends.push(slashed.slice(at + 1));
  return ends;
}

/** A report lists up to 30,000 findings, usually in less than 30 MiB. */
const MAX_BASELINE_BYTES = 32 * 1024 * 1024;

/** @returns the fingerprints */
async function readBaseline(
  path: string,
  { id, problem }: FingerprintKeyInUse,
  readInput: ReadInput,
): Promise<readonly bigint[]> {
  const { parseReport } = await import('../report/read.ts');
  const text = (await readInput(path, { what: '--baseline', maxBytes: MAX_BASELINE_BYTES })).toString('utf8');
  const refuse = (reason: string) => new TaskError('config', `--baseline ${path}: ${reason}`);
  let report;
  try {
    report = await parseReport(text);
  } catch (error) {
    throw refuse(
      `it is not a JSON report of this program: ${describeError(error)}; make one with --report=FILE.json`,
    );
  }
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
