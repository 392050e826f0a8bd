/** The list of secrets with its filters, its order and its pages. */
import type { PageData } from '../page-data.ts';
import { button, el, section } from './dom.ts';
import { FilterBar } from './filter-bar.ts';
import { filtersOf, hashOf } from './location.ts';
import { type Filters, filtered, noFilters } from './filters.ts';
import { type Place, type Secret, type Sort, secretsIn, sortSecrets } from './model.ts';
import type { TableShape } from './secret-details.ts';
import { SecretRow } from './secret-rows.ts';
import { SecretTable } from './secret-table.ts';
import { number, plural } from './words.ts';

/** Secrets on one page of the list. */
const PAGE_SIZE = 50;

export class FindingsView {
  readonly section: HTMLElement;
  readonly #places: readonly Place[];
  readonly #shape: TableShape;
  readonly #bar: FilterBar;
  readonly #table: SecretTable;
  readonly #status = el('p', { class: 'status', role: 'status', 'aria-live': 'polite' });
  readonly #printed = el('p', { class: 'only-print' });
  readonly #pager = el('nav', { class: 'pager', 'aria-label': 'Pages of the list' });
  #filters: Filters;
  #sort: Sort = { key: 'severity', descending: true };
  #page = 0;
  #secrets: Secret[] = [];

  constructor(data: PageData, places: readonly Place[]) {
    this.#places = places;
    this.#shape = {
      hasMachines: data.kind === 'fleet',
      hasDates: data.findings.some(({ since }) => since !== undefined),
    };
    this.#filters = filtersOf(location.hash);
    this.#bar = new FilterBar(data, places, (change) => this.#change({ ...this.#filters, ...change }));
    this.#table = new SecretTable(this.#shape, (sort) => {
      this.#sort = sort;
      this.#page = 0;
      this.#draw();
    });
    this.section = section(
      'findings',
      'Findings',
      this.#bar.element,
      el('div', { class: 'status-row' }, this.#status, this.#bar.reset, this.#bar.switches),
      this.#printed,
      this.#table.element,
      this.#pager,
    );
    this.section.tabIndex = -1;
    this.#bar.set(this.#filters);
    this.#draw();
    addEventListener('beforeprint', () => this.#drawForPrint());
    addEventListener('afterprint', () => this.#draw());
    addEventListener('hashchange', () => this.#follow());
  }

  /** Shows the findings with these filters and no others, and goes there. */
  readonly show = (filters: Partial<Filters>): void => {
    this.#change({ ...noFilters, ...filters });
    this.section.scrollIntoView();
    this.section.focus({ preventScroll: true });
  };

  /** Somebody has followed a link with filters, or gone back. */
  #follow(): void {
    if (location.hash === '#findings' || location.hash === hashOf(this.#filters)) return;
    this.#change(filtersOf(location.hash));
  }

  #change(filters: Filters): void {
    this.#filters = filters;
    this.#page = 0;
    this.#bar.set(filters);
    const hash = hashOf(filters);
    if (location.hash !== hash) keepInAddress(hash);
    this.#draw();
  }

  #draw(): void {
    const all = secretsIn(filtered(this.#places, this.#filters));
    this.#secrets = this.#filters.spread ? all.filter(({ machines }) => machines > 1) : all;
    sortSecrets(this.#secrets, this.#sort);
    this.#showPage();
  }

  #showPage(): void {
    const first = this.#page * PAGE_SIZE;
    const shown = this.#secrets.slice(first, first + PAGE_SIZE);
    const places = this.#secrets.reduce((sum, secret) => sum + secret.places.length, 0);
    this.#table.show(
      shown.map((secret) => new SecretRow(secret, this.#shape)),
      this.#sort,
    );
    this.#table.element.hidden = shown.length === 0;
    this.#status.textContent =
      shown.length === 0
        ? 'No finding matches these filters.'
        : `${plural(this.#secrets.length, 'secret')} in ${plural(places, 'place')}` +
          (this.#secrets.length > PAGE_SIZE
            ? `, ${number(first + 1)} to ${number(first + shown.length)} shown`
            : '');
    this.#showPager();
  }

  #showPager(): void {
    const pages = Math.ceil(this.#secrets.length / PAGE_SIZE);
    this.#pager.hidden = pages < 2;
    const step = (name: string, to: number) =>
      button({ disabled: to < 0 || to >= pages || to === this.#page }, () => this.#turn(to), name);
    this.#pager.replaceChildren(
      step('First', 0),
      step('Previous', this.#page - 1),
      el('span', { 'aria-current': 'page' }, `Page ${number(this.#page + 1)} of ${number(pages)}`),
      step('Next', this.#page + 1),
      step('Last', pages - 1),
    );
  }

  /** The button that was pressed is gone: its successor, or the list, takes the focus. */
  #turn(page: number): void {
    const name = document.activeElement?.textContent;
    this.#page = page;
    this.#showPage();
    this.section.scrollIntoView();
    const buttons = [...this.#pager.querySelectorAll('button')];
    const same = buttons.find((each) => each.textContent === name && !each.disabled);
    (same ?? this.section).focus({ preventScroll: true });
  }

  /** On paper there are no pages to turn and nothing to open: everything that the filters leave is shown. */
  #drawForPrint(): void {
    this.#printed.textContent = `${this.#status.textContent?.replace(/,.*/, '') ?? ''}. ${this.#inWords()}`;
    const rows = this.#secrets.map((secret) => new SecretRow(secret, this.#shape));
    for (const row of rows) row.openWhole();
    this.#table.show(rows, this.#sort);
  }

  /** The filters for a reader of the printed page. */
  #inWords(): string {
    const chosen = this.#bar.inWords();
    return chosen.length === 0 ? 'All findings are listed.' : `Only findings with ${chosen.join(', ')}.`;
  }
}

function keepInAddress(hash: string): void {
  try {
    history.replaceState(null, '', hash === '' ? location.pathname : hash);
  } catch {
    // Browsers limit how often this may be done.
  }
}
