/**
 * What an administrator does not want to hear of again: what a report of before holds, what a list names, and what a comment
 * in the file asks to be passed over. All of it is counted, by reason.
 */
import { readFileSync } from 'node:fs';
import { TaskError } from '../errors.ts';
import type { Finding } from '../task.ts';

export interface SuppressionOptions {
  /** A JSON report of ours. */
  readonly baseline?: string | undefined;
  /** A list in the format of `.gitleaksignore`. */
  readonly ignoreList?: string | undefined;
  readonly obeyMarkers: boolean;
}

export type Suppression = 'baseline' | 'ignore list' | 'inline marker';

/** Says why a finding is passed over; undefined when it is not. */
export type Suppressor = (finding: Finding) => Suppression | undefined;

/**
 * Reads what is to be passed over.
 * @param keyId of the fingerprints of this run: a baseline that was made with another key would match nothing
 * @throws TaskError `config` that names the file and what is wrong with it
 */
export async function openSuppressions(options: SuppressionOptions, keyId: string): Promise<Suppressor> {
  const { baseline, ignoreList, obeyMarkers } = options;
  const known = baseline === undefined ? new Set<string>() : await readBaseline(baseline, keyId);
  const ignored = ignoreList === undefined ? undefined : readIgnoreList(ignoreList);
  return (finding) => {
    if (known.has(finding.fingerprint)) return 'baseline';
    if (ignored?.(finding) === true) return 'ignore list';
    return obeyMarkers && finding.marker !== undefined ? 'inline marker' : undefined;
  };
}

async function readBaseline(path: string, keyId: string): Promise<ReadonlySet<string>> {
  const { readReport } = await import('../report/read.ts');
  const report = await readReport(path).catch((cause: unknown) => {
    throw new TaskError('config', `--baseline ${path}: it cannot be read as a JSON report of ours`, {
      cause,
    });
  });
  if (report.outcome.fingerprintKey !== keyId) {
    throw new TaskError(
      'config',
      `--baseline ${path}: its fingerprints were made with another key; make it again with the state directory of this run, or give both the same --fingerprint-key`,
    );
  }
  return new Set(report.outcome.findings.map(({ fingerprint }) => fingerprint));
}

/** A line per finding: `path:rule:line`, where the path may be relative, or a fingerprint; `#` begins a comment. */
function readIgnoreList(path: string): (finding: Finding) => boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TaskError('config', `--ignore-list ${path}: it cannot be read`, { cause });
  }
  const fingerprints = new Set<string>();
  /** Paths by `rule:line`. */
  const places = new Map<string, string[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.replace(/\s*(?:#.*)?$/, '').trim();
    if (entry === '') continue;
    // Lists of a repository's history begin with the commit.
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
