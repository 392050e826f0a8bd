/**
 * The findings in the text report: a section for each rule, with the secrets that it found, the files of each, and
 * what to do about them, once. What is true for every row is not repeated in it.
 */
import { grouped } from '../../host/log/grouped.ts';
import { printable } from '../../host/log/index.ts';
import { columnsOf, shortened, wrapped } from '../../host/log/text-layout.ts';
import {
  type Finding,
  type RuleDescription,
  type Severity,
  confidences,
  severities,
} from '../model/finding.ts';
import { FINGERPRINT_DIGITS, shortFingerprint } from '../model/short-fingerprint.ts';
import type { ReportInput } from './report-input.ts';
import type { Page } from './text-page.ts';

/** Where a file begins in its row, after the fingerprint of its secret. */
const FILE_COLUMN = 2 + FINGERPRINT_DIGITS + 2;
/** Lines of words are no longer than this: they would be hard to read. */
const MAX_PROSE_WIDTH = 140;

const severityFormats = {
  critical: ['bold', 'red'],
  high: ['bold', 'red'],
  medium: ['bold', 'yellow'],
  low: ['bold', 'cyan'],
} as const satisfies Record<Severity, unknown>;

/** Said once for several findings, even if some of them differ: these say so. */
export const HIGH_CONFIDENCE = 'high confidence';

/** What is known about a finding besides its place. */
function factsOf({ confidence, evidence, exposure, shippedBy }: Finding): string[] {
  // Who shipped it stands in `shippedBy` too, and the heading of these findings says so.
  const own = shippedBy === undefined ? evidence : evidence.filter((one) => !one.startsWith('shipped by '));
  return [`${confidence} confidence`, ...own, ...exposure].map(printable);
}

/** What is true for all of several findings. */
export function factsOfAll(findings: readonly Finding[]): ReadonlySet<string> {
  const [first, ...others] = findings;
  if (first === undefined || others.length === 0) return new Set();
  return others.reduce(
    (common, finding) => common.intersection(new Set(factsOf(finding))),
    new Set(factsOf(first)),
  );
}

/** One section per rule and severity: the most severe first, then what is most certain, then what is most frequent. */
export function findingSections(
  findings: readonly Finding[],
  known: ReadonlySet<string>,
  { outcome }: ReportInput,
  page: Page,
): string[][] {
  // Loading all rules costs as much as scanning an empty folder.
  if (findings.length === 0) return [];
  const rules = new Map(outcome.rules.map((rule) => [rule.id, rule]));
  const groups = [...Map.groupBy(findings, ({ rule, severity }) => `${severity} ${rule}`).values()];
  /** The rule whose section has a remedy, by the remedy. */
  const remedies = new Map<string, string>();
  return groups.toSorted(mostImportantFirst).map((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { severity, rule, title } = first;
    const facts = factsOfAll(group).difference(known);
    return [
      ...headingLines(severity, printable(title), printable(rule), page),
      ...(facts.size === 0 ? [] : listed([...facts], page.width - 2)).map(
        (line) => `  ${page.paint('dim', line)}`,
      ),
      ...secretRows(group, known.union(facts), page),
      ...remedyLines(rules.get(rule), remedies, page),
    ];
  });
}

/** Findings that everybody has who has the package: nothing to act on. */
export function shippedSection(findings: readonly Finding[], { outcome }: ReportInput, page: Page): string[] {
  const shipped = findings.filter(({ shippedBy }) => shippedBy !== undefined);
  if (shipped.length === 0) return [];
  const known = factsOfAll(shipped).union(new Set([HIGH_CONFIDENCE]));
  const rows = shipped.toSorted(byPlace).map((finding) => ({
    fingerprint: fingerprintOf(finding),
    finding,
    facts: [finding.title, finding.shippedBy ?? '', ...unknownFacts(finding, known)].map(printable),
  }));
  const label = page.paint(['bold', 'dim'], 'SHIPPED');
  return [
    `${label}  In unmodified files of packages: nothing to do (${grouped(outcome.shipped)})`,
    ...rowLines(rows, page),
  ];
}

function mostImportantFirst(a: readonly Finding[], b: readonly Finding[]): number {
  const rank = ([first]: readonly Finding[]) => (first ? severities.indexOf(first.severity) : 0);
  const certainty = (group: readonly Finding[]) =>
    Math.max(...group.map(({ confidence }) => confidences.indexOf(confidence)));
  return rank(b) - rank(a) || certainty(b) - certainty(a) || b.length - a.length || byPlace(a[0], b[0]);
}

/** By path, then by position. For `sort`. */
export function byPlace(a: Finding | undefined, b: Finding | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** The rule's id follows its title in the same line if it fits. */
function headingLines(severity: Severity, title: string, id: string, { paint, width }: Page): string[] {
  const label = `${severity.toUpperCase()}  `;
  const [first = '', ...others] = wrapped(title, width - label.length);
  const last = others.at(-1) ?? first;
  const isOneLine = label.length + columnsOf(last) + 2 + columnsOf(id) <= width;
  const indent = ' '.repeat(label.length);
  const lines = [
    `${paint(severityFormats[severity], label.trimEnd())}  ${paint('bold', first)}`,
    ...others.map((line) => indent + paint('bold', line)),
    ...(isOneLine ? [] : [indent + paint('dim', id)]),
  ];
  return isOneLine ? [...lines.slice(0, -1), `${lines.at(-1)}  ${paint('dim', id)}`] : lines;
}

/** The rows of a section: secret by secret, those in most files first. */
function secretRows(findings: readonly Finding[], known: ReadonlySet<string>, page: Page): string[] {
  const secrets = [...Map.groupBy(findings.toSorted(byPlace), fingerprintOf).values()];
  const rows = secrets
    .toSorted((a, b) => b.length - a.length)
    .flatMap((places) =>
      places.map((finding, index) => ({
        fingerprint: index === 0 ? fingerprintOf(finding) : '',
        finding,
        facts: [
          ...unknownFacts(finding, known),
          ...occurrences(finding, index === 0 ? places.length : Infinity),
        ],
      })),
    );
  return rowLines(rows, page);
}

function fingerprintOf({ fingerprint }: Finding): string {
  return printable(shortFingerprint(fingerprint));
}

function unknownFacts(finding: Finding, known: ReadonlySet<string>): string[] {
  return factsOf(finding).filter((fact) => !known.has(fact));
}

/** `5,000 times`, `in 3 files`; nothing for a secret that occurs once, or whose files are all listed. */
function occurrences({ count, files = 1 }: Finding, listed: number): string[] {
  return [
    ...(count > 1 ? [`${grouped(count)} times in this file`] : []),
    ...(files > listed ? [`in ${grouped(files)} files`] : []),
  ];
}

/** A secret in a file. */
interface Row {
  /** Empty if it is that of the row before. */
  readonly fingerprint: string;
  readonly finding: Finding;
  readonly facts: readonly string[];
}

/**
 * The facts follow in the same line if they fit in all of these rows, otherwise in a line of their own. A terminal
 * shows a path only in the first of several rows that have it; other readers may look at each line alone.
 */
function rowLines(rows: readonly Row[], page: Page): string[] {
  const { paint, width, isTerminal } = page;
  const room = Math.max(10, width - FILE_COLUMN);
  const placed = rows.map(({ finding, ...row }, index) => {
    const { path, position } = placeOf(finding, page);
    const isRepeated = isTerminal && rows[index - 1]?.finding.path === finding.path;
    return { ...row, place: `${isRepeated ? ' '.repeat(columnsOf(path)) : path}${position}` };
  });
  const isOneLine = placed.every(
    ({ place, facts }) => facts.length === 0 || columnsOf(`${place}  ${facts.join(', ')}`) <= room,
  );
  const indent = ' '.repeat(FILE_COLUMN);
  return placed.flatMap(({ fingerprint, place, facts }) => {
    const row = `  ${paint('cyan', fingerprint.padEnd(FINGERPRINT_DIGITS))}  ${place}`;
    if (facts.length === 0) return [row];
    if (isOneLine) return [`${row}  ${paint('dim', facts.join(', '))}`];
    return [row, ...listed(facts, room).map((line) => indent + paint('dim', line))];
  });
}

/** Facts in lines, none of which breaks a fact. */
export function listed(facts: readonly string[], columns: number): readonly string[] {
  return wrapped(
    facts.map((fact, index) => (index < facts.length - 1 ? `${fact},` : fact)),
    columns,
  );
}

function placeOf(
  { path, line, column, bytes }: Finding,
  { width, isTerminal }: Page,
): { readonly path: string; readonly position: string } {
  const position = bytes === undefined ? `:${line}:${column}` : `:byte ${bytes.offset}`;
  const shown = printable(path);
  const room = Math.max(10, width - FILE_COLUMN - position.length);
  return { path: isTerminal ? shortened(shown, room) : shown, position };
}

/** What to do, or where that was said before. */
function remedyLines(rule: RuleDescription | undefined, said: Map<string, string>, page: Page): string[] {
  if (rule === undefined || rule.remediation === '') return [];
  const before = said.get(rule.remediation);
  if (before === undefined) said.set(rule.remediation, rule.title);
  const remedy = before === undefined ? rule.remediation : `as for ${before}`;
  const label = 'Fix: ';
  const room = Math.min(page.width, MAX_PROSE_WIDTH) - 2 - label.length;
  return wrapped(printable(remedy), room).map(
    (line, index) => `  ${index === 0 ? page.paint('green', label) : ' '.repeat(label.length)}${line}`,
  );
}
