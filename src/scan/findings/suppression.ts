/**
 * Findings that an administrator wants to suppress: those in an earlier report, those in a list, those that a comment in the
 * file marks, and those of earlier runs whose rules are disabled now. All of them are counted, by reason.
 */
import type { Finding, Location } from '../model/finding.ts';
import { KeySet, keyOfHash, keyOfText } from '../model/key-set.ts';
import { containersOf } from '../model/location.ts';
import { locationsOf } from './equal-secrets.ts';

export type Suppression = 'baseline' | 'ignore list' | 'inline marker' | 'disabled rule' | 'allowlist';

/** What a suppressor looks at. */
type Suppressible = Pick<
  Finding,
  | 'fingerprint'
  | 'rule'
  | 'path'
  | 'inside'
  | 'marker'
  | 'count'
  | 'locations'
  | 'line'
  | 'column'
  | 'endLine'
  | 'endColumn'
> & { readonly isAllowed?: boolean };

/** The reason why a finding is suppressed; undefined when it is not. */
export type Suppressor = (finding: Suppressible) => Suppression | undefined;

/** Stands for every rule. */
export const ANY = '*';

/** Entries of an ignore list whose path is a glob. */
export interface IgnoredGlob {
  /** Source of the expression for paths with forward slashes. */
  readonly expression: string;
  readonly flags: string;
  /** An id, or `*`. */
  readonly rule: string;
  /** Undefined for all lines. */
  readonly line: number | undefined;
}

/** Identifies a file, rule and line in an ignore list. @param line undefined for all lines */
export function lineKey(file: string, rule: string, line: number | undefined): bigint {
  return keyOfText(`${file}:${rule}:${line ?? ANY}`);
}

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

/** True when nothing can be suppressed. */
export function suppressesNothing({ baseline, ignored, lines, obeyMarkers }: SuppressionTable): boolean {
  return !obeyMarkers && baseline.byteLength + ignored.byteLength + lines.byteLength === 0;
}

/**
 * Decides about findings, whose paths must be redacted already.
 * @param disabledRules ids of rules that are not used: only earlier runs have findings of theirs
 */
export function suppressorOf(
  table: SuppressionTable,
  disabledRules: ReadonlySet<string> = new Set(),
): Suppressor {
  const listed = suppressorByTable(table);
  return (finding) => {
    if (disabledRules.has(finding.rule)) return 'disabled rule';
    return finding.isAllowed === true ? 'allowlist' : listed(finding);
  };
}

function suppressorByTable(table: SuppressionTable): Suppressor {
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
      // Without a line, an entry names all that a container contains.
      const around = containersOf(finding).flatMap((container) => placesIn(slashed(container)));
      places = [...placesIn(slashed(path)), ...around.map(withoutLine)];
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

function withoutLine(place: Place): Place {
  return (rule, line) => line === undefined && place(rule, line);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** A path with forward slashes, and what follows each of them. */
function endsOfPath(path: string): string[] {
  const ends = [path];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) ends.push(path.slice(at + 1));
  return ends;
}
