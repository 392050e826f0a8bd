/**
 * The report for a person at a terminal: what was found, what to do about it, what was scanned and what was not,
 * and how the run ended. Bounded in length. All text from outside the program passes through `printable`.
 */
import { styleText } from 'node:util';
import { grouped } from '../../host/log/grouped.ts';
import { printable } from '../../host/log/index.ts';
import type { TextStyle } from '../../host/log/index.ts';
import type { Finding } from '../model/finding.ts';
import { mostSevereFirst } from '../model/finding-order.ts';
import { plural } from './quantities.ts';
import { type ReportInput, countedFindings, totalFindings } from './report-input.ts';
import { summaryLines } from './text-summary.ts';
import {
  HIGH_CONFIDENCE,
  byPlace,
  factsOfAll,
  findingSections,
  listed,
  shippedSection,
} from './text-findings.ts';
import { disabledRulesCount } from './disabled-rules.ts';
import type { Page } from './text-page.ts';

const MAX_FINDINGS = 200;
/** Files that are shown of one secret: a password may have been pasted into hundreds of transcripts. */
const MAX_FILES_OF_SECRET = 10;
const MAX_OWNERS = 10;

/** The report, each line ended by a line feed. */
export function renderText(input: ReportInput, style: TextStyle): string {
  const page: Page = {
    ...style,
    paint: (format, text) => (style.colour ? styleText(format, text, { validateStream: false }) : text),
  };
  const shown = chosen(input.outcome.findings);
  const counted = shown.filter(({ shippedBy }) => shippedBy === undefined);
  const facts = factsOfAll(counted);
  const known = counted.length > 1 ? facts.union(new Set([HIGH_CONFIDENCE])) : facts;
  const sections = [
    [headline(input, page), ...common(counted, facts, totalFindings(input.outcome) > shown.length, page)],
    ...findingSections(counted, known, input, page),
    shippedSection(shown, input, page),
    leftOut(input, shown, page),
    summaryLines(input, page),
    [exitLine(input, page)],
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
  const files = new Map<string, number>();
  const sorted = findings.toSorted(inOrder).filter(({ rule, fingerprint, owner = '' }) => {
    const secret = `${owner} ${rule} ${fingerprint}`;
    const known = files.get(secret) ?? 0;
    files.set(secret, known + 1);
    return known < MAX_FILES_OF_SECRET;
  });
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

function headline({ tool, host, outcome }: ReportInput, { paint }: Page): string {
  const total = countedFindings(outcome);
  const where = `${printable(tool.name)} ${printable(tool.version)} on ${printable(host.name)}`;
  const found = total === 0 ? 'no findings' : plural(total, 'finding');
  const isPartial = Object.keys(outcome.coverage.unexamined).length > 0;
  const but = total === 0 && isPartial ? paint('yellow', ', but not everything could be scanned') : '';
  const disabled = disabledRulesCount(outcome);
  const without = total === 0 && disabled !== '' ? paint('yellow', `, but ${disabled}`) : '';
  return `${paint('bold', where)}: ${found}${changes(outcome)}${but}${without}`;
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

/** What is true for all of several findings, so that no row repeats it. */
function common(
  shown: readonly Finding[],
  facts: ReadonlySet<string>,
  isPart: boolean,
  page: Page,
): string[] {
  if (shown.length < 2) return [];
  const isMixed = !facts.has(HIGH_CONFIDENCE) && shown.some(({ confidence }) => confidence === 'high');
  const [first, ...others] = [...facts, ...(isMixed ? [`${HIGH_CONFIDENCE} unless noted`] : [])];
  if (first === undefined) return [];
  const label = isPart ? 'All that are shown' : 'All findings';
  return listed([`${label}: ${first}`, ...others], page.width).map((line) => page.paint('dim', line));
}

function leftOut({ outcome }: ReportInput, shown: readonly Finding[], { paint }: Page): string[] {
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
    .map(([owner, count]) => `  ${grouped(count)} in files of owner ${printable(owner)}`);
  const others =
    owners.length > MAX_OWNERS ? [`  some of ${grouped(owners.length - MAX_OWNERS)} others`] : [];
  const heading = `${plural(more, 'more finding')}: see a report file (--report=FILE)`;
  // Which owners there are matters when a flood in one's files may hide another's.
  return [paint('bold', heading), ...(counts.size > 1 ? [...lines, ...others] : [])];
}

function exitLine({ exitCode, exitMeaning, outcome }: ReportInput, { paint }: Page): string {
  const { coverage, disabledRules = [] } = outcome;
  const isClean =
    exitCode === 0 && Object.keys(coverage.unexamined).length === 0 && disabledRules.length === 0;
  const format = exitCode !== 0 ? 'yellow' : isClean && countedFindings(outcome) === 0 ? 'green' : 'bold';
  return paint(format, `Exit code ${exitCode}: ${exitMeaning}`);
}
