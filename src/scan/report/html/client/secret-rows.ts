/** One secret in the table: a row, and its details, which are made when the row is opened. */
import { confidences, severities } from '../../../model/finding.ts';
import { type Child, button, el } from './dom.ts';
import type { Place, Secret } from './model.ts';
import { capital, day, number, plural } from './words.ts';

/** Places that are listed until someone asks for all. */
const FIRST_PLACES = 20;

const stateWords: Readonly<Record<string, string>> = {
  new: 'New',
  moved: 'Moved',
  gone: 'Gone',
  unconfirmed: 'Not seen again',
};

let rows = 0;

/** The columns that not every page has. */
export interface TableShape {
  readonly hasMachines: boolean;
  /** When a secret was first seen is known only where state is kept, or from several reports. */
  readonly hasDates: boolean;
}

export class SecretRow {
  readonly #secret: Secret;
  readonly #shape: TableShape;
  readonly #id = `details-${(rows += 1)}`;
  readonly #details: HTMLTableRowElement;
  readonly #opener: HTMLButtonElement;

  constructor(secret: Secret, shape: TableShape) {
    this.#secret = secret;
    this.#shape = shape;
    this.#details = el('tr', { class: 'details', id: this.#id, hidden: true });
    this.#opener = button(
      { class: 'opener', 'aria-expanded': 'false', 'aria-controls': this.#id },
      () => this.#toggle(),
      secret.rule.title,
    );
  }

  /** @param columns of the table */
  elements(columns: number): HTMLTableRowElement[] {
    this.#details.dataset['columns'] = String(columns);
    if (!this.#details.hidden) this.#fill();
    return [this.#row(), this.#details];
  }

  open(): void {
    this.#details.hidden = false;
    this.#opener.setAttribute('aria-expanded', 'true');
  }

  #toggle(): void {
    const isClosed = this.#details.hidden;
    this.#details.hidden = !isClosed;
    this.#opener.setAttribute('aria-expanded', String(isClosed));
    if (isClosed) this.#fill();
  }

  #row(): HTMLTableRowElement {
    const { rule, severity, confidence, places, owners, machines, occurrences, since, state, fp } =
      this.#secret;
    const name = severities[severity] ?? 'low';
    const [first] = places;
    const more = places.length - 1;
    const shippedBy = first?.finding.shippedBy;
    return el(
      'tr',
      { class: 'secret' },
      el('td', { class: 'col-severity' }, el('span', { class: `badge ${name}` }, capital(name))),
      el(
        'td',
        { class: 'col-title' },
        this.#opener,
        el('p', { class: 'muted' }, shippedBy === undefined ? rule.id : `shipped by ${shippedBy}`),
        el('p', { class: 'only-narrow where' }, ...pathOf(first)),
      ),
      el(
        'td',
        { class: 'col-path' },
        el('p', { class: 'where' }, ...pathOf(first)),
        more > 0 ? el('p', { class: 'muted' }, `and ${plural(more, 'more place')}`) : undefined,
      ),
      el('td', { class: 'col-owner' }, owners[0] ?? '', owners.length > 1 ? ` +${owners.length - 1}` : ''),
      ...(this.#shape.hasMachines ? [el('td', { class: 'col-machines number' }, number(machines))] : []),
      el(
        'td',
        { class: 'col-places number', title: `${plural(occurrences, 'occurrence')}, fingerprint ${fp}` },
        number(places.length),
      ),
      el('td', { class: 'col-confidence' }, capital(confidences[confidence] ?? '')),
      this.#shape.hasDates ? el('td', { class: 'col-since' }, ...sinceOf(state, since)) : undefined,
    );
  }

  #fill(): void {
    if (this.#details.childElementCount > 0) return;
    const { rule, places, fp } = this.#secret;
    const evidence = [...new Set(places.flatMap(({ finding }) => finding.evidence))];
    const columns = this.#details.dataset['columns'] ?? '1';
    this.#details.append(
      el(
        'td',
        { colspan: columns },
        el(
          'div',
          { class: 'panel' },
          this.#places(),
          el(
            'div',
            {},
            el('h3', {}, 'What to do'),
            el(
              'p',
              {},
              rule.remediation === '' ? 'The report does not describe this rule.' : rule.remediation,
            ),
            source(rule.source),
            el(
              'dl',
              { class: 'terms' },
              ...term('Evidence', evidence.length === 0 ? 'the format alone' : evidence.join(', ')),
              ...term('Rule', rule.family === undefined ? rule.id : `${rule.id} (${rule.family})`),
              ...term('Fingerprint', el('code', {}, fp)),
            ),
          ),
        ),
      ),
    );
  }

  #places(): HTMLElement {
    const { places } = this.#secret;
    const list = el(
      'ul',
      { class: 'places' },
      ...places.slice(0, FIRST_PLACES).map((place) => this.#place(place)),
    );
    const rest = places.slice(FIRST_PLACES);
    const all = button(
      { class: 'link' },
      () => {
        list.append(...rest.map((place) => this.#place(place)));
        all.remove();
      },
      `Show ${plural(rest.length, 'more place')}`,
    );
    return el(
      'div',
      {},
      el('h3', {}, plural(places.length, 'place')),
      list,
      rest.length > 0 ? all : undefined,
    );
  }

  #place(place: Place): HTMLElement {
    const { finding, machine } = place;
    const { count, exposure, owner, team, files, also = [], marker, shippedBy, state, since = '' } = finding;
    const facts = [
      ...(this.#shape.hasMachines ? [machine.name] : []),
      ...(owner === undefined ? [] : [`owner ${owner}`]),
      ...(team === undefined ? [] : [`team ${team}`]),
      ...(count > 1 ? [`${plural(count, 'occurrence')} in this file`] : []),
      ...(also.length > 0
        ? [`also ${finding.byte === undefined ? 'lines' : 'bytes'} ${also.map(number).join(', ')}`]
        : []),
      ...(files !== undefined && files > this.#secret.places.length
        ? [`in ${plural(files, 'file')} on this machine`]
        : []),
      ...exposure,
      ...(marker === undefined ? [] : [`marked ${marker}`]),
      ...(shippedBy === undefined ? [] : [`shipped by ${shippedBy}`]),
      ...(state === undefined ? [] : [stateWords[state] ?? 'known']),
      ...(since === '' ? [] : [`since ${day(since)}`]),
    ];
    return el(
      'li',
      {},
      el('span', { class: 'path' }, finding.path, el('span', { class: 'position' }, positionOf(place))),
      el('span', { class: 'muted' }, facts.join(' · ')),
    );
  }
}

/** A path whose folder may be cut off where it does not fit, and whose file name stays. */
export function pathOf(place: Place | undefined): Child[] {
  if (place === undefined) return [];
  const { path } = place.finding;
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return [
    el('span', { class: 'folder', title: path }, path.slice(0, end)),
    el('span', { class: 'file' }, path.slice(end), el('span', { class: 'position' }, positionOf(place))),
  ];
}

/** `:3:7`, or ` at byte 4,000`. */
function positionOf({ finding: { line, column, byte } }: Place): string {
  if (byte !== undefined) return ` at byte ${number(byte)}`;
  if (line === undefined) return '';
  return column === undefined ? `:${line}` : `:${line}:${column}`;
}

function sinceOf(state: Secret['state'], since: string): Child[] {
  const word = state === undefined ? undefined : stateWords[state];
  return [
    word === undefined ? undefined : el('span', { class: `state ${state ?? ''}` }, word),
    since === '' ? undefined : el('span', {}, day(since)),
  ];
}

function term(name: string, value: Child): HTMLElement[] {
  return [el('dt', {}, name), el('dd', {}, value)];
}

/** A link for an address; other sources, such as the name of a standard, are text. */
function source(text: string): HTMLElement | undefined {
  if (text === '') return undefined;
  if (!/^https:\/\/[^\s]+$/.test(text)) return el('p', { class: 'muted' }, `Source: ${text}`);
  return el(
    'p',
    {},
    el('a', { href: text, rel: 'noreferrer noopener', target: '_blank' }, 'Documentation of this credential'),
  );
}
