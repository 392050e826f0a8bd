/**
 * Findings that an administrator wants to suppress: those in an earlier report, those in a list, and those that a
 * comment in the file marks. All of them are counted, by reason.
 */
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
import type { Finding } from '../model/finding.ts';

export interface SuppressionOptions {
  /** A JSON report of this tool. */
  readonly baseline?: string | undefined;
  /** A list in the format of `.gitleaksignore`. */
  readonly ignoreList?: string | undefined;
  readonly obeyMarkers: boolean;
}

export type Suppression = 'baseline' | 'ignore list' | 'inline marker';

/** The reason why a finding is suppressed; undefined when it is not. */
export type Suppressor = (finding: Finding) => Suppression | undefined;

/**
 * Reads what to suppress.
 * @param keyId of the fingerprints of this run: a baseline made with another key would match nothing
 * @throws TaskError `config` that names the file and what is wrong with it
 */
export async function openSuppressions(
  options: SuppressionOptions,
  keyId: string,
  readInput: ReadInput,
): Promise<Suppressor> {
  const { baseline, ignoreList, obeyMarkers } = options;
  const known = baseline === undefined ? new Set<string>() : await readBaseline(baseline, keyId, readInput);
  const ignored = ignoreList === undefined ? undefined : await readIgnoreList(ignoreList, readInput);
  return (finding) => {
    if (known.has(finding.fingerprint)) return 'baseline';
    if (ignored?.(finding) === true) return 'ignore list';
    return obeyMarkers && finding.marker !== undefined ? 'inline marker' : undefined;
  };
}

/** A report lists up to 30,000 findings, usually in less than 30 MiB. */
const MAX_BASELINE_BYTES = 32 * 1024 * 1024;
const MAX_IGNORE_LIST_BYTES = 16 * 1024 * 1024;

async function readBaseline(path: string, keyId: string, readInput: ReadInput): Promise<ReadonlySet<string>> {
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
  return new Set(report.outcome.findings.map(({ fingerprint }) => fingerprint));
}

/** One finding per line: `path:rule:line`, where the path may be relative, or a fingerprint; `#` starts a comment. */
async function readIgnoreList(path: string, readInput: ReadInput): Promise<(finding: Finding) => boolean> {
  const text = (await readInput(path, { what: '--ignore-list', maxBytes: MAX_IGNORE_LIST_BYTES })).toString(
    'utf8',
  );
  const fingerprints = new Set<string>();
  /** Paths by `rule:line`. */
  const places = new Map<string, string[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.replace(/\s*(?:#.*)?$/, '').trim();
    if (entry === '') continue;
    // Lists of a repository's history start with the commit.
    const [, file, rule, number] = /^(?:[0-9a-f]{40}:)?(.+):([^:]+):(\d+)$/.exec(entry) ?? [];
    if (/^[0-9a-f]{16,64}$/.test(entry)) fingerprints.add(entry);
    else if (file !== undefined) {
      const key = `${rule}:${number}`;
      places.set(key, [...(places.get(key) ?? []), file.replaceAll('\\', '/')]);
    } else {
      throw new TaskError(
        'config',
        `--ignore-list ${path}: line ${index + 1} is neither path:rule:line nor a fingerprint`,
      );
    }
  }
  return ({ fingerprint, rule, line, path: found }) => {
    if (fingerprints.has(fingerprint) || fingerprints.has(fingerprint.slice(0, 16))) return true;
    const place = found.replaceAll('\\', '/');
    return (
      places.get(`${rule}:${line}`)?.some((file) => place === file || place.endsWith(`/${file}`)) ?? false
    );
  };
}
