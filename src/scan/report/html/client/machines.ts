/** The machines of a fleet: when each was scanned, what was found there, and whether the scan was complete. */
import { severities } from '../../../model/finding.ts';
import type { PageData, PageMachine } from '../page-data.ts';
import { button, el, longList, section } from './dom.ts';
import { systemName } from './header.ts';
import { type Show, isOpen } from './filters.ts';
import { type Place } from './model.ts';
import { sum } from './totals.ts';
import { capital, day, number, plural } from './words.ts';

/** Machines that are listed until someone asks for all. */
const FIRST_MACHINES = 50;

export function machinesSection(data: PageData, places: readonly Place[], show: Show): HTMLElement {
  const gone = new Map<string, number>();
  for (const place of places) {
    if (isOpen(place)) continue;
    gone.set(place.machine.name, (gone.get(place.machine.name) ?? 0) + 1);
  }
  const sorted = data.machines.toSorted((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1));
  const row = (machine: PageMachine) => machineRow(machine, gone.get(machine.name) ?? 0, show);
  const [body, ...more] = longList(el('tbody'), sorted, FIRST_MACHINES, row, 'more machine');
  const worst = severities.toReversed();
  const hasTeams = data.machines.some(({ team }) => team !== undefined);
  const names = [
    'Machine',
    'System',
    ...(hasTeams ? ['Team'] : []),
    'Last scan',
    ...worst.map(capital),
    'No longer found',
    'Coverage',
  ];
  return section(
    'machines',
    'Machines',
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of machines' },
      el(
        'table',
        {},
        el('thead', {}, el('tr', {}, ...names.map((name) => el('th', { scope: 'col' }, name)))),
        body,
      ),
    ),
    ...more,
  );

  function machineRow(machine: PageMachine, goneCount: number, showFindings: Show): HTMLElement {
    const { name, os, team, endedAt, counts } = machine;
    return el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        button({ class: 'link' }, () => showFindings({ machine: name }), name),
      ),
      el('td', {}, systemName(os)),
      ...(hasTeams ? [el('td', {}, team ?? '')] : []),
      el('td', {}, day(endedAt)),
      ...worst.map((severity) =>
        el('td', { class: 'number' }, counts[severity] === 0 ? '–' : number(counts[severity])),
      ),
      el('td', { class: 'number' }, goneCount === 0 ? '–' : number(goneCount)),
      coverageCell(machine),
    );
  }
}

/** Machines with the worst findings come first. */
function weightOf({ counts }: PageMachine): number {
  return severities.reduce((weight, severity, rank) => weight + counts[severity] * 1000 ** rank, 0);
}

function coverageCell({ coverage, exit }: PageMachine): HTMLElement {
  if (coverage === undefined) return el('td', { class: 'warn' }, 'unknown');
  const missing = sum(Object.values(coverage.unexamined));
  if (missing > 0) return el('td', { class: 'warn' }, `${plural(missing, 'place')} not scanned`);
  if (coverage.files + coverage.unchanged === 0) return el('td', { class: 'warn' }, 'nothing scanned');
  return el('td', { class: 'good' }, exit === undefined ? 'complete (exit code unknown)' : 'complete');
}
