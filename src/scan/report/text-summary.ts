/**
 * The end of the text report, which stays on the screen: what was found, what was scanned, what was left out on purpose
 * and what could not be scanned.
 */
import { grouped } from '../../host/log/grouped.ts';
import { printable } from '../../host/log/index.ts';
import { shortened, wrapped } from '../../host/log/text-layout.ts';
import { type Gap, severities } from '../model/finding.ts';
import { disabledRuleNames } from './disabled-rules.ts';
import { filePathOf } from '../model/location.ts';
import { plural, size } from './quantities.ts';
import { wordsOf } from './reason-words.ts';
import { type ReportInput, totalFindings } from './report-input.ts';
import type { Page } from './text-page.ts';

/** Places that are listed, of all those that could not be scanned. */
const MAX_GAPS = 20;
const LABEL_WIDTH = 13;
const MIN_TEXT_WIDTH = 40;

export function summaryLines({ outcome, startedAt, endedAt }: ReportInput, page: Page): string[] {
  const { folders, files, unchanged, bytes, inside, sources, skipped, unexamined, gaps } = outcome.coverage;
  const seconds = ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1);
  // None if only files were named.
  const inFolders = folders > 0 ? ` in ${plural(folders, 'folder')}` : '';
  return [
    page.paint('bold', 'Summary'),
    labelled('found', found(outcome)),
    ...(outcome.shipped > 0
      ? [labelled('', `${grouped(outcome.shipped)} in unmodified files of packages, not counted`)]
      : []),
    labelled('scanned', `${plural(files, 'file')}${inFolders}, ${size(bytes)}, ${seconds} s`),
    ...(inside.entries > 0
      ? [labelled('', `${plural(inside.entries, 'text')} in archives, git history and other containers`)]
      : []),
    ...Object.entries(sources ?? {}).map(([source, count]) =>
      labelled('', `${grouped(count)} ${printable(source)}`),
    ),
    ...(unchanged > 0 ? [labelled('unchanged', plural(unchanged, 'file'))] : []),
    ...countLines('suppressed', outcome.suppressed),
    ...disabledLines(outcome, page),
    ...countLines('skipped', skipped),
    ...gapLines(unexamined, gaps, page),
  ];
}

/** `2 critical, 1 medium in 3 files`. */
function found(outcome: ReportInput['outcome']): string {
  const counts = severities.toReversed().flatMap((severity) => {
    const count = outcome.findingCount[severity];
    return count > 0 ? [`${grouped(count)} ${severity}`] : [];
  });
  if (counts.length === 0) return 'nothing';
  // Only the files of listed findings are known.
  if (totalFindings(outcome) > outcome.findings.length) return counts.join(', ');
  const counted = outcome.findings.filter(({ shippedBy }) => shippedBy === undefined);
  return `${counts.join(', ')} in ${plural(new Set(counted.map(filePathOf)).size, 'file')}`;
}

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}

function disabledLines(outcome: ReportInput['outcome'], { width }: Page): string[] {
  const { disabledRules = [] } = outcome;
  if (disabledRules.length === 0) return [];
  const names = disabledRuleNames(outcome);
  const text = `${plural(disabledRules.length, 'rule')}${names === '' ? '' : `: ${names}`}`;
  const lines = wrapped(text, Math.max(MIN_TEXT_WIDTH, width - 2 - LABEL_WIDTH));
  return lines.map((line, index) => labelled(index === 0 ? 'disabled' : '', line));
}

type Counts = Readonly<Record<string, number>>;

/** One line for each reason, most frequent first; the label precedes only the first one. */
function countLines(label: string, counts: Counts): string[] {
  const rows = mostFrequentFirst(counts);
  const width = widthOf(rows);
  return rows.map(([reason, count], index) =>
    labelled(index === 0 ? label : '', `${grouped(count).padStart(width)}  ${printable(wordsOf(reason))}`),
  );
}

/** The same, with the first places under each reason. */
function gapLines(unexamined: Counts, gaps: readonly Gap[], page: Page): string[] {
  const { paint, width, isTerminal } = page;
  const rows = mostFrequentFirst(unexamined);
  const countWidth = widthOf(rows);
  const indent = ' '.repeat(2 + LABEL_WIDTH + countWidth + 2);
  const listed = Map.groupBy(gaps.slice(0, MAX_GAPS), ({ reason }) => reason);
  return rows.flatMap(([reason, count], index) => {
    const places = listed.get(reason) ?? [];
    const more = count - places.length;
    const paths = places.map(({ path }) => {
      const shown = printable(path);
      return indent + (isTerminal ? shortened(shown, Math.max(10, width - indent.length)) : shown);
    });
    return [
      paint(
        'yellow',
        labelled(
          index === 0 ? 'not scanned' : '',
          `${grouped(count).padStart(countWidth)}  ${printable(wordsOf(reason))}`,
        ),
      ),
      ...paths,
      ...(places.length > 0 && more > 0 ? [`${indent}... and ${grouped(more)} more`] : []),
    ];
  });
}

function mostFrequentFirst(counts: Counts): [string, number][] {
  return Object.entries(counts).toSorted(([, a], [, b]) => b - a);
}

function widthOf(rows: readonly (readonly [string, number])[]): number {
  return Math.max(0, ...rows.map(([, count]) => grouped(count).length));
}
