/** What was scanned, what was not and why, and how the run ended. */
import type { PageData, PageMachine } from '../page-data.ts';
import { el, longList, section } from './dom.ts';
import { added, gapsInWords, missingIn, sum } from './totals.ts';
import { capital, duration, list, moment, number, plural, size } from './words.ts';

const MAX_ROOTS = 20;
/** Places that are listed until someone asks for all. */
const FIRST_GAPS = 20;

export function coverageSection(data: PageData): HTMLElement {
  const { machines } = data;
  const known = machines.flatMap(({ coverage }) => coverage ?? []);
  const total = (key: 'files' | 'unchanged' | 'folders' | 'bytes') => sum(known.map((each) => each[key]));
  const gaps = gapsInWords(data);
  const [machine] = machines;
  return section(
    'coverage',
    'Coverage',
    el(
      'p',
      { class: gaps.length === 0 ? 'good' : 'warn' },
      gaps.length === 0
        ? 'Everything in the scope of the scan was scanned or skipped on purpose.'
        : `${capital(list(gaps))}. Whether there are secrets is unknown there.`,
    ),
    el(
      'div',
      { class: 'columns three' },
      counts('Scanned', [
        ['Files', number(total('files'))],
        ...(total('unchanged') > 0
          ? [['Files unchanged since an earlier scan', number(total('unchanged'))] as const]
          : []),
        ...added(known.map(({ sources = {} }) => sources)).map(
          ([source, count]) => [capital(source), number(count)] as const,
        ),
        ['Folders', number(total('folders'))],
        ['Data read', size(total('bytes'))],
      ]),
      reasons('Not scanned', added(known.map(({ unexamined }) => unexamined)), 'Nothing is missing.'),
      reasons('Skipped on purpose', added(known.map(({ skipped }) => skipped)), 'Nothing was skipped.'),
      reasons('Suppressed findings', added(machines.map(({ suppressed }) => suppressed)), ''),
    ),
    el(
      'div',
      { class: 'columns' },
      data.kind === 'run' && machine !== undefined ? ending(machine) : undefined,
      gapList(data),
    ),
  );
}

function counts(title: string, rows: readonly (readonly [string, string])[]): HTMLElement {
  return el(
    'div',
    {},
    el('h3', {}, title),
    el(
      'dl',
      { class: 'counts' },
      ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
    ),
  );
}

/** @param none what to say when there is no reason; empty: leave the table out */
function reasons(
  title: string,
  rows: readonly (readonly [string, number])[],
  none: string,
): HTMLElement | undefined {
  if (rows.length > 0)
    return counts(
      title,
      rows.map(([name, count]) => [capital(name), number(count)]),
    );
  return none === '' ? undefined : el('div', {}, el('h3', {}, title), el('p', { class: 'muted' }, none));
}

function gapList({ kind, machines }: PageData): HTMLElement | undefined {
  const gaps = machines.flatMap(({ name, coverage }) =>
    (coverage?.gaps ?? []).map((gap) => ({ ...gap, machine: name })),
  );
  if (gaps.length === 0) return undefined;
  const item = ({ path, reason: why, machine }: (typeof gaps)[number]) =>
    el(
      'li',
      {},
      el('span', { class: 'path' }, path),
      el('span', { class: 'muted' }, kind === 'fleet' ? `${machine} · ${capital(why)}` : capital(why)),
    );
  const total = missingIn({ machines });
  const title = gaps.length < total ? `Not scanned: the first ${number(gaps.length)} places` : 'Not scanned';
  return el(
    'div',
    {},
    el('h3', {}, title),
    ...longList(el('ul', { class: 'places' }), gaps, FIRST_GAPS, item, 'more place'),
  );
}

/** How the run ended, and what made the report. */
function ending({
  startedAt,
  endedAt,
  exit,
  tool,
  fingerprintKey,
  name,
  roots = [],
}: PageMachine): HTMLElement {
  return el(
    'div',
    {},
    el('h3', {}, 'The run'),
    el(
      'dl',
      { class: 'terms' },
      ...(exit === undefined ? [] : pair('Result', `Exit code ${exit.code}: ${exit.meaning}`)),
      ...pair('Machine', name),
      ...(roots.length === 0 ? [] : pair('Scanned', rootList(roots))),
      ...pair('Started', moment(startedAt)),
      ...pair('Ended', `${moment(endedAt)}, after ${duration(startedAt, endedAt)}`),
      ...(tool === undefined ? [] : pair('Program', `${tool.name} ${tool.version}`)),
      ...(fingerprintKey === undefined || fingerprintKey === ''
        ? []
        : pair('Fingerprint key', fingerprintKey)),
    ),
  );
}

/** A run may have as many roots as a machine has users. */
function rootList(roots: readonly string[]): string {
  const rest = roots.length - MAX_ROOTS;
  return [...roots.slice(0, MAX_ROOTS), ...(rest > 0 ? [`and ${plural(rest, 'more', 'more')}`] : [])].join(
    ', ',
  );
}

function pair(name: string, value: string): HTMLElement[] {
  return [el('dt', {}, name), el('dd', {}, value)];
}
