/** The machines of a fleet: when each was scanned, what was found there, and whether the scan was complete. */
import { severities } from '../../../model/finding.ts';
import type { PageData, PageMachine } from '../page-data.ts';
import { button, el, longList, section } from './dom.ts';
import { systemName } from './header.ts';
import type { Show } from './filters.ts';
import { type Place } from './model.ts';
import { scannedIn, sum } from './totals.ts';
import { capital, day, number, plural } from './words.ts';

/** Machines that are listed until someone asks for all. */
const FIRST_MACHINES = 50;

const worstFirst = severities.toReversed();

export function machinesSection(data: PageData, places: readonly Place[], show: Show): HTMLElement {
  const gone = new Map<string, number>();
  for (const place of places) {
    if (place.finding.state !== 'gone') continue;
    gone.set(place.machine.name, (gone.get(place.machine.name) ?? 0) + 1);
  }
  const sorted = data.machines.toSorted((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1));
  const hasTeams = data.machines.some(({ team }) => team !== undefined);
  const columns: readonly (readonly [name: string, isNumber: boolean])[] = [
    ['Machine', false],
    ['System', false],
    ...(hasTeams ? [['Team', false] as const] : []),
    ['Last scan', false],
    ...worstFirst.map((severity) => [capital(severity), true] as const),
    ['Gone', true],
    ['Coverage', false],
  ];
  const heading = ([name, isNumber]: (typeof columns)[number]) =>
    el('th', { scope: 'col', class: isNumber && 'number' }, name);
  const row = (machine: PageMachine) => machineRow(machine, hasTeams, gone.get(machine.name) ?? 0, show);
  const [body, ...more] = longList(el('tbody'), sorted, FIRST_MACHINES, row, 'more machine');
  return section(
    'machines',
    'Machines',
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of machines' },
      el('table', {}, el('thead', {}, el('tr', {}, ...columns.map(heading))), body),
    ),
    ...more,
  );
}

function machineRow(machine: PageMachine, hasTeams: boolean, gone: number, show: Show): HTMLElement {
  const { name, os, team, endedAt, counts } = machine;
  const count = (of: number) => el('td', { class: 'number' }, of === 0 ? '–' : number(of));
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row' },
      button({ class: 'link' }, () => show({ machine: name }), name),
    ),
    el('td', {}, systemName(os)),
    hasTeams ? el('td', {}, team ?? '') : undefined,
    el('td', {}, day(endedAt)),
    ...worstFirst.map((severity) => count(counts[severity])),
    count(gone),
    coverageCell(machine),
  );
}

/** Machines with the worst findings come first. */
function weightOf({ counts }: PageMachine): number {
  return severities.reduce((weight, severity, rank) => weight + counts[severity] * 1000 ** rank, 0);
}

function coverageCell({ coverage }: PageMachine): HTMLElement {
  if (coverage === undefined) return el('td', { class: 'warn' }, 'unknown');
  const missing = sum(Object.values(coverage.unexamined));
  if (missing > 0) return el('td', { class: 'warn' }, `${plural(missing, 'place')} not scanned`);
  if (scannedIn(coverage) === 0) return el('td', { class: 'warn' }, 'nothing scanned');
  return el('td', { class: 'good' }, 'complete');
}
