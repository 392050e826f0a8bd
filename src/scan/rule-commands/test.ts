/** `rules test`: scans one file with all rules, and says which matched and which were tried. Shows no secret. */
import { TaskError, systemReason } from '../../host/exit/task-error.ts';
import { printable } from '../../host/log/index.ts';
import { type Platform, requireAnswer } from '../../host/platform/index.ts';
import type { TaskCommandContext } from '../../host/task/task-command.ts';
import { rulesWithoutMatch } from '../files/detector-module.ts';
import { openFile } from '../files/open-file.ts';
import { binariesIn } from '../model/coverage.ts';
import type { Coverage, Finding, Location, ScanOutcome } from '../model/finding.ts';
import type { RuleWithoutMatch } from '../model/rule-entry.ts';
import { scanExits } from '../model/exits.ts';
import { NAME } from '../model/name.ts';
import type { TestOptions } from './options.ts';

/** Bytes of the file in which keywords are looked for. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Rules without a match that the text shows. */
const MAX_SHOWN = 30;

interface Tested {
  readonly path: string;
  readonly matches: readonly Finding[];
  readonly withoutMatch: readonly RuleWithoutMatch[];
  readonly disabledRules: readonly string[];
}

/** Scans one file, without state, records or progress. */
export type ScanFile = (path: string, context: TaskCommandContext<TestOptions>) => Promise<ScanOutcome>;

export async function testFile(
  context: TaskCommandContext<TestOptions>,
  scanFile: ScanFile,
): Promise<readonly string[]> {
  const { options, stdout, platform, signal } = context;
  const { rules, rulesOnly } = options;
  const path = platform.path.resolve(options.file[0] ?? '');
  if (rulesOnly && rules === undefined) {
    throw new TaskError('usage', '--rules-only: no rules are given; name their file with --rules=FILE');
  }
  await requireAnswer({
    path,
    what: 'the file',
    kind: 'config',
    remedy: 'copy it to a local folder',
    signal,
  });
  const place = fileAt(path, platform);
  const outcome = await scanFile(path, context);
  if (outcome.coverage.files === 0) throw notScanned(path, outcome.coverage);
  const { findings: matches, disabledRules = [] } = outcome;
  // Neither is worth mentioning: what matched, and what cannot match.
  const others = new Set([...matches.map(({ rule }) => rule), ...disabledRules]);
  const withoutMatch = rulesWithoutMatch(beginningOf(place, platform), path, others);
  const tested = { path, matches, withoutMatch, disabledRules };
  stdout.write(options.json ? `${JSON.stringify(reportOf(tested), null, 2)}\n` : textOf(tested, context));
  return [];
}

/** The path without links. @throws TaskError `no-root` for anything but a file */
function fileAt(path: string, { fs }: Platform): string {
  let place: string;
  let isFile: boolean;
  try {
    place = fs.withoutLinks(path);
    isFile = fs.status(place).isFile();
  } catch (error) {
    throw new TaskError(scanExits.noRoot.name, `${path} cannot be read: ${systemReason(error)}`);
  }
  if (isFile) return place;
  throw new TaskError(scanExits.noRoot.name, `${path} is not a file; name one, or use "${NAME} scan"`);
}

function notScanned(path: string, { skipped, unexamined }: Coverage): TaskError {
  const reasons = [...Object.keys(skipped), ...Object.keys(unexamined)];
  const remedy = binariesIn(skipped) > 0 ? '; give --binaries to search it' : '';
  return new TaskError(
    scanExits.noRoot.name,
    `${path} was not scanned: ${reasons.join(', ') || 'unknown reason'}${remedy}`,
  );
}

/** One character per byte. */
function beginningOf(place: string, platform: Platform): string {
  const { fs, path: paths, os } = platform;
  const [parent, name] = [paths.dirname(place), paths.basename(place)];
  const opened = openFile({ fs, os }, { kind: 'file', path: place, name, parent, folder: undefined });
  if (opened.kind === 'skipped') return '';
  const { descriptor, status } = opened;
  try {
    const bytes = Buffer.alloc(Math.min(status.size, MAX_BYTES));
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count) {
      count = fs.read(descriptor, bytes, length, bytes.length - length);
    }
    return bytes.toString('latin1', 0, length);
  } finally {
    fs.close(descriptor);
  }
}

function reportOf({ path, matches, withoutMatch, disabledRules }: Tested) {
  const shown = matches.map(({ rule, title, severity, confidence, evidence, count, ...finding }) => ({
    rule,
    title,
    severity,
    confidence,
    evidence,
    count,
    locations: locationsOf(finding),
  }));
  return { path, matches: shown, withoutMatch, ...(disabledRules.length > 0 && { disabledRules }) };
}

function locationsOf({ locations, ...own }: Location & Pick<Finding, 'locations'>) {
  return (locations ?? [own]).map(({ line, column, bytes }) => ({ line, column, ...(bytes && { bytes }) }));
}

function textOf(
  { path, matches, withoutMatch, disabledRules }: Tested,
  { redact }: TaskCommandContext<TestOptions>,
): string {
  const lines = [
    `${path}: ${counted(matches.length, 'match', 'matches')}`,
    ...matches.flatMap(matchLines),
    ...(withoutMatch.length === 0 ? [] : ['', 'Tried because a keyword occurs, with no match of their own:']),
    ...withoutMatch
      .slice(0, MAX_SHOWN)
      .map(({ id, keyword, line }) => `  line ${line}: ${id} ("${keyword}")`),
  ];
  const others = withoutMatch.length - MAX_SHOWN;
  if (others > 0) lines.push(`  and ${counted(others, 'other rule', 'other rules')}: --json shows all`);
  if (disabledRules.length > 0) {
    lines.push('', `Not tried: ${counted(disabledRules.length, 'disabled rule', 'disabled rules')}`);
  }
  return lines.map((line) => `${printable(redact(line))}\n`).join('');
}

function matchLines(finding: Finding): string[] {
  const { rule, title, severity, confidence, evidence, count } = finding;
  const places = locationsOf(finding).map(({ line, column }) => `${line}:${column}`);
  const more = count > places.length ? ` and ${count - places.length} more` : '';
  return [
    '',
    `  ${rule}: ${title}`,
    `    severity ${severity}, confidence ${confidence}`,
    `    at ${places.join(', ')}${more}`,
    ...(evidence.length === 0 ? [] : [`    because: ${evidence.join(', ')}`]),
  ];
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? `no ${one}` : `${count} ${count === 1 ? one : many}`;
}
