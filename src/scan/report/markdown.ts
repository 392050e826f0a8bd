/** Markdown for a comment on a pull request or an issue: short, with collapsed details, and within the limit of a comment. */
import { grouped } from '../../host/log/grouped.ts';
import { printable } from '../../host/log/index.ts';
import { severities } from '../model/finding.ts';
import { shortFingerprint } from '../model/short-fingerprint.ts';
import { code, shownText } from './markdown-text.ts';
import { disabledRuleNames, disabledRulesCount } from './disabled-rules.ts';
import { plural } from './quantities.ts';
import { wordsOf } from './reason-words.ts';
import { countedFindings, totalFindings, usedRules } from './report-input.ts';
import { inOrder, positionOf, severityTitles, shownPaths } from './report-places.ts';
import type { JsonReport } from './schema.ts';

type Finding = JsonReport['outcome']['findings'][number];

/** GitHub allows 65,536 characters in a comment; GitLab allows more. These parts and the fixed texts stay below that. */
const MAX_FINDING_CHARS = 40_000;
const MAX_REMEDY_CHARS = 12_000;
const MAX_GAPS = 20;
/** Of a shown path, in characters. */
const LONGEST_PATH = 300;

export function renderMarkdown(report: JsonReport): string {
  const sections = [
    headline(report),
    counts(report),
    ...findingSections(report),
    remedies(report),
    coverage(report),
    disabledRules(report),
    `Exit code ${report.exitCode}: ${shownText(report.exitMeaning)}.`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ tool, host, outcome }: JsonReport): string {
  const total = countedFindings(outcome);
  const found = total === 0 ? 'no plaintext credentials' : plural(total, 'plaintext credential');
  const isComplete = Object.keys(outcome.coverage.unexamined).length === 0;
  const gaps = isComplete ? '' : ', but not everything was scanned';
  const disabled = disabledRulesCount(outcome);
  const without = total === 0 && disabled !== '' ? `, but ${disabled}` : '';
  return `### ${shownText(tool.name)}: ${found} on ${shownText(host.name)}${gaps}${without}`;
}

/** Ids of custom rules may be anything. */
function disabledRules({ outcome }: JsonReport): string {
  const count = disabledRulesCount(outcome);
  const names = disabledRuleNames(outcome);
  return names === '' ? count : `${count}: ${code(names)}`;
}

function counts({ outcome }: JsonReport): string {
  const { findingCount, shipped, lifecycle } = outcome;
  const rows = severities
    .toReversed()
    .filter((severity) => findingCount[severity] > 0)
    .map((severity) => `| ${severityTitles[severity]} | ${grouped(findingCount[severity])} |`);
  const notes = [
    ...(lifecycle === undefined
      ? []
      : [`${grouped(lifecycle.new)} new, ${grouped(lifecycle.resolved)} resolved since the last run.`]),
    ...(shipped > 0 ? [`${plural(shipped, 'more finding')} in unmodified files of packages.`] : []),
  ];
  const table = rows.length === 0 ? [] : [['| Severity | Findings |', '| --- | ---: |', ...rows].join('\n')];
  return [...table, ...notes].join('\n\n');
}

/** One collapsed list for each severity. Findings in unmodified files of packages are not listed: nothing can be done about them. */
function findingSections(report: JsonReport): string[] {
  const { outcome } = report;
  const shownPath = shownPaths(report);
  const listed = inOrder(outcome.findings)
    .filter(({ shippedBy }) => shippedBy === undefined)
    .map((finding) => ({ ...finding, path: shownPath(finding.path) }));
  const shown = listed.slice(0, fitting(listed.map(item), MAX_FINDING_CHARS));
  const sections = severities.toReversed().flatMap((severity) => {
    const items = shown.filter((finding) => finding.severity === severity).map(item);
    return items.length === 0 ? [] : [details(severityTitles[severity], items)];
  });
  const more = totalFindings(outcome) - outcome.shipped - shown.length;
  return more > 0 ? [...sections, `${grouped(more)} more are not listed here.`] : sections;
}

function item(finding: Finding): string {
  const { title, path, confidence, evidence, exposure, count, files = 1, fingerprint } = finding;
  const notes = [
    `${confidence} confidence`,
    ...evidence,
    ...exposure,
    ...(count > 1 ? [`${grouped(count)} times in this file`] : []),
    ...(files > 1 ? [`in ${grouped(files)} files`] : []),
  ];
  const place = code(`${shortened(path)}:${positionOf(finding)}`);
  return `- ${shownText(title)}: ${place} (${notes.map(shownText).join(', ')}) ${code(shortFingerprint(fingerprint))}`;
}

function remedies(report: JsonReport): string {
  const rules = usedRules(report.outcome).filter(({ id }) =>
    report.outcome.findings.some(({ rule, shippedBy }) => rule === id && shippedBy === undefined),
  );
  if (rules.length === 0) return '';
  const all = rules.map(({ title, remediation }) => `- ${shownText(title)}: ${sentence(remediation)}`);
  const items = all.slice(0, fitting(all, MAX_REMEDY_CHARS));
  const more = all.length - items.length;
  return details('What to do', more > 0 ? [...items, `- and ${grouped(more)} more rules`] : items);
}

/** The number of lines that have at most so many characters together. */
function fitting(lines: readonly string[], most: number): number {
  let chars = 0;
  const end = lines.findIndex(({ length }) => (chars += length + 1) > most);
  return end === -1 ? lines.length : end;
}

/** A remedy of a built-in rule is plain prose; one of a custom rule may be anything. */
function sentence(text: string): string {
  return /^[\p{L}\p{N} ,()'/"“”.;:-]*$/u.test(text) && !/www\.|:\/\/|:\w+:/.test(text) ? text : code(text);
}

function coverage(report: JsonReport): string {
  const { outcome } = report;
  const shownPath = shownPaths(report);
  const { files, unchanged, folders, sources = {}, unexamined, gaps } = outcome.coverage;
  const known = unchanged > 0 ? `, ${plural(unchanged, 'file')} unchanged` : '';
  const others = Object.entries(sources).map(([source, count]) => `, ${grouped(count)} ${shownText(source)}`);
  const scanned = `Scanned ${plural(files, 'file')} in ${plural(folders, 'folder')}${known}${others.join('')}.`;
  const reasons = Object.entries(unexamined);
  if (reasons.length === 0) return scanned;
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  const items = [
    ...reasons.map(([reason, count]) => `- ${grouped(count)}: ${shownText(wordsOf(reason))}`),
    ...gaps
      .slice(0, MAX_GAPS)
      .map(({ path, reason }) => `- ${code(shortened(shownPath(path)))}: ${shownText(wordsOf(reason))}`),
  ];
  return `${scanned}\n\n${details(`Not scanned: ${grouped(total)}`, items)}`;
}

/** A path whose middle is left out if it is long. */
function shortened(name: string): string {
  const path = printable(name);
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, 60)} ... ${path.slice(-LONGEST_PATH + 60)}`;
}

/** @param summary without a character that HTML or Markdown give a meaning */
function details(summary: string, items: readonly string[]): string {
  return `<details><summary>${summary}</summary>\n\n${items.join('\n')}\n\n</details>`;
}
