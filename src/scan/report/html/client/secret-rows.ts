/** The row of a secret in the table. Its details are made when it is opened. */
import { confidences, severities } from '../../../model/finding.ts';
import { type Child, button, el } from './dom.ts';
import type { Secret } from './model.ts';
import { pathOf } from './path.ts';
import { type TableShape, detailsOf, stateWords } from './secret-details.ts';
import { capital, day, number, plural } from './words.ts';

let rows = 0;

export class SecretRow {
  readonly #secret: Secret;
  readonly #shape: TableShape;
  readonly #id = `details-${(rows += 1)}`;
  readonly #details: HTMLTableRowElement;
  readonly #opener: HTMLButtonElement;
  #isWhole = false;

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

  elements(): HTMLTableRowElement[] {
    if (!this.#details.hidden) this.#fill();
    return [this.#row(), this.#details];
  }

  /** After the width of the page has changed. */
  fit(): void {
    const cell = this.#details.cells[0];
    if (cell !== undefined) cell.colSpan = visibleCells(this.#opener.closest('tr'));
  }

  /** Opens the row, with all its places. */
  openWhole(): void {
    this.#isWhole = true;
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
    const { severity, confidence, places, owners, machines, occurrences, since, state, fp } = this.#secret;
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
        el(
          'p',
          { class: 'muted' },
          el('code', {}, fp),
          shippedBy === undefined ? '' : ` · shipped by ${shippedBy}`,
        ),
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
    const row = this.#opener.closest('tr');
    this.#details.append(
      el('td', { colspan: visibleCells(row) }, detailsOf(this.#secret, this.#shape, this.#isWhole)),
    );
  }
}

function sinceOf(state: Secret['state'], since: string): Child[] {
  const word = state === undefined ? undefined : stateWords[state];
  return [
    word === undefined ? undefined : el('span', { class: `state ${state ?? ''}` }, word),
    since === '' ? undefined : el('span', {}, day(since)),
  ];
}

/** Narrow screens hide columns. A cell that spans more columns than there are would make new ones. */
function visibleCells(row: HTMLTableRowElement | null): number {
  return Math.max(1, [...(row?.cells ?? [])].filter((cell) => cell.offsetParent !== null).length);
}
