/** The summary: how many secrets, how bad, what to do first, since when, and whether everything was scanned. */
import { type Severity, severities } from '../../../model/finding.ts';
import type { PageData } from '../page-data.ts';
import { breakdown } from './chart.ts';
import { type Child, button, el, section } from './dom.ts';
import { type Show, isOpen, isShipped } from './filters.ts';
import { type Place, type Secret, mostUrgent, secretsIn } from './model.ts';
import { pathOf } from './path.ts';
import { gapsInWords, scannedIn, sum } from './totals.ts';
import { trendChart } from './trend.ts';
import { age, capital, day, list, number, plural, size } from './words.ts';

/** How many secrets are named under "Do first". */
const URGENT = 3;

export function summarySection(data: PageData, places: readonly Place[], show: Show): HTMLElement {
  const counted = places.filter((place) => isOpen(place) && !isShipped(place));
  const secrets = secretsIn(counted);
  const hasFindings = secrets.length > 0 || totalFindings(data) > 0;
  return section(
    'summary',
    'Summary',
    verdict(data, secrets),
    ...warnings(data),
    ...(hasFindings
      ? [
          severityTiles(data, secrets, show),
          el('div', { class: 'columns' }, doFirst(secrets, data, show), breakdown(data, counted, show)),
        ]
      : []),
    ...(data.trend !== undefined && data.trend.length > 1 ? [trendChart(data.trend)] : []),
    facts(data, counted),
  );
}

/** All findings by severity, also those that are not listed. */
function countsOf({ machines }: PageData, severity: Severity): number {
  return sum(machines.map(({ counts }) => counts[severity]));
}

function totalFindings(data: PageData): number {
  return sum(severities.map((severity) => countsOf(data, severity)));
}

/** One sentence, and the colour that goes with it. Nothing that was not scanned is called clean. */
function verdict(data: PageData, secrets: readonly Secret[]): HTMLElement {
  const total = totalFindings(data);
  const files = sum(data.machines.map(({ coverage }) => (coverage?.files ?? 0) + (coverage?.unchanged ?? 0)));
  const scanned = sum(
    data.machines.map(({ coverage }) => (coverage === undefined ? 0 : scannedIn(coverage))),
  );
  if (total > 0) {
    const isListed = !data.machines.some(({ omitted }) => sum(Object.values(omitted)) > 0);
    const amount = `${isListed ? '' : 'At least '}${plural(secrets.length, 'secret')} in plain text`;
    const worst = secrets.filter(({ severity }) => severity === severities.indexOf('critical')).length;
    return sentence(
      worst > 0 ? 'bad' : 'warn',
      secrets.length === 0 ? `${plural(total, 'finding')}, none of which is listed` : amount,
      worst > 0 ? `${number(worst)} of them critical: revoke these first.` : 'None of them is critical.',
    );
  }
  if (scanned === 0) {
    return sentence('warn', 'Nothing was scanned', 'This page does not say whether there are secrets.');
  }
  const clean = `No plaintext credentials found in ${plural(files, 'file')}`;
  const gaps = gapsInWords(data);
  if (gaps.length > 0) {
    return sentence('warn', clean, `The scan is not complete: ${list(gaps)}. See the coverage below.`);
  }
  if (data.machines.some(({ disabledRules }) => disabledRules > 0)) {
    return sentence('warn', clean, 'Some rules are disabled: secrets of their kinds are not found.');
  }
  return sentence('good', clean, 'Everything in the scope of the scan was scanned.');
}

function sentence(mood: 'good' | 'warn' | 'bad', headline: string, more: string): HTMLElement {
  return el(
    'div',
    { class: `verdict ${mood}` },
    el('p', { class: 'headline' }, headline),
    el('p', { class: 'muted' }, more),
  );
}

/** What the reader must know before the numbers. */
function warnings(data: PageData): HTMLElement[] {
  const omitted = sum(data.machines.map((machine) => sum(Object.values(machine.omitted))));
  const texts = [
    ...(omitted > 0
      ? [`${plural(omitted, 'finding')} are counted here and not listed: a report lists a limited number.`]
      : []),
    ...data.warnings,
  ];
  return texts.length === 0
    ? []
    : [el('ul', { class: 'warnings' }, ...texts.map((text) => el('li', {}, text)))];
}

/** A button for each severity: its number of secrets and of findings. */
function severityTiles(data: PageData, secrets: readonly Secret[], show: Show): HTMLElement {
  const tiles = severities.toReversed().map((severity) => {
    const count = secrets.filter((secret) => secret.severity === severities.indexOf(severity)).length;
    const findings = countsOf(data, severity);
    return el(
      'li',
      {},
      button(
        { class: `tile ${severity}`, disabled: count === 0 },
        () => show({ severity: new Set([severity]) }),
        el('span', { class: 'count' }, number(count)),
        el('span', { class: 'label' }, capital(severity)),
        el('span', { class: 'muted' }, findings === 0 ? 'none' : `in ${plural(findings, 'place')}`),
      ),
    );
  });
  return el('ul', { class: 'tiles', 'aria-label': 'Secrets by severity' }, ...tiles);
}

/** The most urgent secrets, each with its remedy. */
function doFirst(secrets: readonly Secret[], data: PageData, show: Show): HTMLElement {
  const urgent = mostUrgent(secrets, URGENT);
  const items = urgent.map((secret) =>
    el(
      'li',
      {},
      el(
        'p',
        {},
        button({ class: 'link' }, () => show({ text: secret.fp }), secret.rule.title),
        ` (${severities[secret.severity] ?? ''}) ${extent(secret, data)}`,
      ),
      el('p', { class: 'muted where' }, ...pathOf(secret.places[0])),
      el('p', {}, secret.rule.remediation),
    ),
  );
  return el(
    'div',
    {},
    el('h3', {}, 'Do first'),
    items.length === 0
      ? el('p', { class: 'muted' }, 'No finding is listed.')
      : el('ol', { class: 'urgent' }, ...items),
  );
}

/** `in 3 files of anna, readable by everyone`. */
function extent({ places, owners, machines, isExposed }: Secret, data: PageData): string {
  const owner =
    owners.length === 1 ? ` of ${owners[0]}` : owners.length > 1 ? ` of ${owners.length} owners` : '';
  const fleet = data.kind === 'fleet' ? ` on ${plural(machines, 'machine')}` : '';
  return `in ${plural(places.length, 'file')}${owner}${fleet}${isExposed ? ', readable by everyone' : ''}`;
}

/** Short facts with their names. */
function facts(data: PageData, places: readonly Place[]): HTMLElement {
  const { machines, at } = data;
  const oldest = places
    .flatMap(({ finding: { since } }) => (since === undefined ? [] : [since]))
    .reduce((first, since) => (first === '' || since < first ? since : first), '');
  const changes = machines.flatMap((machine) => machine.changes ?? []);
  const gaps = gapsInWords(data);
  const files = sum(machines.map(({ coverage }) => coverage?.files ?? 0));
  const bytes = sum(machines.map(({ coverage }) => coverage?.bytes ?? 0));
  const shipped = sum(machines.map((machine) => machine.shipped));
  const suppressed = sum(machines.map((machine) => sum(Object.values(machine.suppressed))));
  return el(
    'dl',
    { class: 'facts' },
    ...fact(
      'Coverage',
      gaps.length === 0 ? 'Complete' : capital(gaps.join(', ')),
      gaps.length === 0 ? 'good' : 'warn',
    ),
    ...fact('Scanned', `${plural(files, 'file')}, ${size(bytes)}`),
    ...(changes.length > 0
      ? [
          ...fact('New since the run before', number(sum(changes.map((change) => change.new)))),
          ...fact('Resolved since then', number(sum(changes.map(({ resolved }) => resolved)))),
        ]
      : []),
    ...(oldest === '' ? [] : fact('Oldest secret', `${day(oldest)} (${age(oldest, at)})`)),
    ...(shipped > 0 ? fact('In files of packages', plural(shipped, 'finding')) : []),
    ...(suppressed > 0 ? fact('Suppressed', plural(suppressed, 'finding')) : []),
  );
}

function fact(name: string, value: Child, mood = ''): HTMLElement[] {
  return [el('div', {}, el('dt', {}, name), el('dd', { class: mood }, value))];
}
