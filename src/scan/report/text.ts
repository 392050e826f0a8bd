/**
 * The report for a person at a terminal: what was found, what to do about it, what was scanned and what was not,
 * and how the run ended. Bounded in length. All text from outside the program passes through `printable`.
 */
import { styleText } from 'node:util';
import { grouped } from '../../host/log/grouped.ts';
import { printable } from '../../host/log/index.ts';
import { type Finding, type Severity, severities } from '../model/finding.ts';
import { mostSevereFirst } from '../model/finding-order.ts';
import { type ReportInput, countedFindings, totalFindings } from './report-input.ts';

const MAX_FINDINGS = 200;
const MAX_GAPS = 20;
const MAX_OWNERS = 10;
/** Longer places are not padded: one deep path must not push every line to the right. */
const PLACE_WIDTH = 64;

type Style = Parameters<typeof styleText>[0];
/** Colours a text, or returns it unchanged. */
type Paint = (style: Style, text: string) => string;

const severityStyles = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
} as const satisfies Record<Severity, Style>;

/** The report, each line ended by a line feed. `colour` is for a terminal that supports it. */
export function renderText(input: ReportInput, options: { colour: boolean }): string {
  const paint: Paint = (style, text) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const worstFirst = severities.toReversed();
  const shown = chosen(input.outcome.findings);
  const counted = shown.filter(({ shippedBy }) => shippedBy === undefined);
  const sections = [
    [headline(input, paint)],
    ...worstFirst.map((severity) => findingsOf(severity, counted, input, paint)),
    shippedByPackages(shown, input, paint),
    leftOut(input, shown, paint),
    remediation(input, counted, paint),
    coverage(input, paint),
    [exitLine(input, paint)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/**
 * The findings that are shown, the most severe first. Owners of files take turns, each with their most severe
 * findings, so that those in one user's files do not hide another user's.
 */
function chosen(findings: readonly Finding[]): Finding[] {
  const sorted = findings.toSorted(inOrder);
  if (sorted.length <= MAX_FINDINGS) return sorted;
  const queues = [...Map.groupBy(sorted, ({ owner = '' }) => owner).values()];
  const turns: Finding[] = [];
  for (let turn = 0; turns.length < MAX_FINDINGS; turn += 1) {
    for (const queue of queues) turns.push(...queue.slice(turn, turn + 1));
  }
  return turns.slice(0, MAX_FINDINGS).sort(inOrder);
}

function inOrder(a: Finding, b: Finding): number {
  return mostSevereFirst(a, b) || byPlace(a, b);
}

function headline({ tool, host, outcome, startedAt, endedAt }: ReportInput, paint: Paint): string {
  const total = countedFindings(outcome);
  const seconds = ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1);
  const found = total === 0 ? 'no findings' : plural(total, 'finding');
  const where = `${printable(tool.name)} ${printable(tool.version)} on ${printable(host.name)}`;
  return `${paint('bold', where)}: ${found}${changes(outcome)} in ${seconds} s`;
}

/** ` (2 new, 1 resolved)`; nothing where no state is kept. */
function changes({ lifecycle }: ReportInput['outcome']): string {
  if (lifecycle === undefined) return '';
  const { persisting: _, ...news } = lifecycle;
  const said = Object.entries(news).flatMap(([state, count]) =>
    count > 0 ? [`${grouped(count)} ${state}`] : [],
  );
  return said.length > 0 ? ` (${said.join(', ')})` : ' (nothing new)';
}

function byPlace(a: Finding, b: Finding): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function findingsOf(
  severity: Severity,
  shown: readonly Finding[],
  input: ReportInput,
  paint: Paint,
): string[] {
  const heading = `${severity.toUpperCase()} (${grouped(input.outcome.findingCount[severity])})`;
  const found = shown.filter((finding) => finding.severity === severity);
  return found.length === 0 ? [] : [paint(severityStyles[severity], heading), ...findingLines(found, paint)];
}

/** Findings that everybody has who has the package: nothing to act on. */
function shippedByPackages(shown: readonly Finding[], { outcome }: ReportInput, paint: Paint): string[] {
  const heading = `SHIPPED BY PACKAGES, NOT MODIFIED (${grouped(outcome.shipped)})`;
  const found = shown.filter(({ shippedBy }) => shippedBy !== undefined);
  return found.length === 0 ? [] : [paint('dim', heading), ...findingLines(found, paint)];
}

function findingLines(findings: readonly Finding[], paint: Paint): string[] {
  const rows = findings.map(
    ({ path, line, column, bytes, title, confidence, evidence, exposure, count, files }) => ({
      place: `${printable(path)}:${bytes === undefined ? `${line}:${column}` : `byte ${bytes.offset}`}`,
      title: printable(title),
      evidence: printable(
        [`${confidence} confidence`, ...evidence, ...exposure, ...occurrences(count, files)].join(', '),
      ),
    }),
  );
  const width = columnWidth(rows.map(({ place }) => place));
  const titleWidth = columnWidth(rows.map(({ title }) => title));
  return rows.map(({ place, title, evidence }) =>
    `  ${place.padEnd(width)}  ${title.padEnd(titleWidth)}  ${evidence && paint('dim', evidence)}`.trimEnd(),
  );
}

/** `5,000 times in this file`, `in 3 files`; nothing for a secret that occurs once. */
function occurrences(count: number, files = 1): string[] {
  return [
    ...(count > 1 ? [`${grouped(count)} times in this file`] : []),
    ...(files > 1 ? [`in ${grouped(files)} files`] : []),
  ];
}

function columnWidth(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length).filter((length) => length <= PLACE_WIDTH));
}

function leftOut({ outcome }: ReportInput, shown: readonly Finding[], paint: Paint): string[] {
  const more = totalFindings(outcome) - shown.length;
  if (more <= 0) return [];
  const counts = new Map(Object.entries(outcome.omitted ?? {}));
  const add = ({ owner }: Finding, count: number) => {
    if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + count);
  };
  for (const finding of outcome.findings) add(finding, 1);
  for (const finding of shown) add(finding, -1);
  const owners = [...counts].filter(([, count]) => count > 0).toSorted(([, a], [, b]) => b - a);
  const lines = owners
    .slice(0, MAX_OWNERS)
    .map(([owner, count]) => `  ${grouped(count)} in files of owner ${printable(owner)} are not shown`);
  const others =
    owners.length > MAX_OWNERS ? [`  and some of ${grouped(owners.length - MAX_OWNERS)} others`] : [];
  return [paint('bold', `... and ${grouped(more)} more`), ...lines, ...others];
}

/** Once for each rule with a finding that is shown, in the order of the findings. */
function remediation({ outcome }: ReportInput, shown: readonly Finding[], paint: Paint): string[] {
  // Loading all rules costs as much as scanning an empty folder.
  if (shown.length === 0) return [];
  const rules = new Map(outcome.rules.map((rule) => [rule.id, rule]));
  const lines = [...new Set(shown.map(({ rule }) => rule))].flatMap((id) => {
    const rule = rules.get(id);
    if (rule === undefined) return [];
    return [
      `  ${paint('bold', printable(rule.title))} ${paint('dim', printable(rule.id))}`,
      `    ${printable(rule.remediation)}`,
      `    ${paint('dim', printable(rule.source))}`,
    ];
  });
  return [paint('bold', 'What to do'), ...lines];
}

function coverage({ outcome }: ReportInput, paint: Paint): string[] {
  const { folders, files, unchanged, bytes, skipped, unexamined, gaps } = outcome.coverage;
  const missing = Object.values(unexamined).reduce((sum, count) => sum + count, 0);
  const listed = gaps.slice(0, MAX_GAPS);
  const width = columnWidth(listed.map(({ path }) => printable(path)));
  return [
    paint('bold', 'Coverage'),
    `  examined      ${plural(files, 'file')} in ${plural(folders, 'folder')}, ${size(bytes)}`,
    ...(unchanged > 0 ? [`  unchanged     ${plural(unchanged, 'file')}`] : []),
    ...(outcome.shipped > 0
      ? [`  shipped       ${plural(outcome.shipped, 'finding')} in files of packages`]
      : []),
    ...countLines('passed over', outcome.suppressed),
    ...countLines('skipped', skipped),
    ...countLines('not examined', unexamined).map((line) => paint('yellow', line)),
    ...listed.map(({ path, reason }) => `    ${printable(path).padEnd(width)}  ${printable(reason)}`),
    ...(missing > listed.length ? [`    ... and ${grouped(missing - listed.length)} more`] : []),
  ];
}

/** One line for each reason, most frequent first; the label precedes only the first one. */
function countLines(label: string, counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const width = Math.max(0, ...rows.map(([, count]) => grouped(count).length));
  return rows.map(
    ([reason, count], index) =>
      `  ${(index === 0 ? label : '').padEnd(12)}  ${grouped(count).padStart(width)}  ${printable(reason)}`,
  );
}

function exitLine({ exitCode, exitMeaning }: ReportInput, paint: Paint): string {
  return paint(exitCode === 0 ? 'green' : 'yellow', `Exit code ${exitCode}: ${exitMeaning}`);
}

/** `1 file`, `1,204 files`. */
function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Decimal units (SI): `512 B`, `45.3 kB`, `1.2 MB`, `8,400.0 MB`. */
function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  const [whole = '0', tenth = '0'] = (bytes / 1_000_000).toFixed(1).split('.');
  return `${grouped(Number(whole))}.${tenth} MB`;
}
