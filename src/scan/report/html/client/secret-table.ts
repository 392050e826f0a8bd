/** The table of secrets: headings that sort, rows that open. */
import { button, el } from './dom.ts';
import type { Sort, SortKey } from './model.ts';
import type { TableShape } from './secret-details.ts';
import type { SecretRow } from './secret-rows.ts';

interface Column {
  readonly key: SortKey;
  readonly name: string;
  /** The order at the first press. */
  readonly descending: boolean;
}

const columns: readonly Column[] = [
  { key: 'severity', name: 'Severity', descending: true },
  { key: 'title', name: 'Secret', descending: false },
  { key: 'path', name: 'File', descending: false },
  { key: 'owner', name: 'Owner', descending: false },
  { key: 'machines', name: 'Machines', descending: true },
  { key: 'places', name: 'Places', descending: true },
  { key: 'confidence', name: 'Confidence', descending: true },
  { key: 'since', name: 'Since', descending: false },
];

/** Where the arrow keys lead, in rows. */
const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export class SecretTable {
  readonly element: HTMLTableElement;
  readonly #body = el('tbody');
  readonly #headings = new Map<SortKey, HTMLTableCellElement>();
  #rows: readonly SecretRow[] = [];
  #sort: Sort = { key: 'severity', descending: true };

  constructor(shape: TableShape, onSort: (sort: Sort) => void) {
    const headings = columns
      .filter(({ key }) => (key !== 'machines' || shape.hasMachines) && (key !== 'since' || shape.hasDates))
      .map((column) => {
        const sorter = button({}, () => onSort(this.#next(column)), column.name);
        const heading = el('th', { scope: 'col', class: `col-${column.key}` }, sorter);
        this.#headings.set(column.key, heading);
        return heading;
      });
    this.element = el(
      'table',
      { class: 'secrets' },
      el(
        'caption',
        { class: 'for-readers' },
        'Secrets. The headings sort the table; each row opens for details.',
      ),
      el('thead', {}, el('tr', {}, ...headings)),
      this.#body,
    );
    addEventListener('resize', () => {
      for (const row of this.#rows) row.fit();
    });
    this.#body.addEventListener('keydown', (event) => this.#move(event));
    this.#body.addEventListener('click', (event) => this.#press(event));
  }

  show(rows: readonly SecretRow[], sort: Sort): void {
    this.#sort = sort;
    for (const [key, heading] of this.#headings) {
      const direction = sort.descending ? 'descending' : 'ascending';
      heading.setAttribute('aria-sort', key === sort.key ? direction : 'none');
    }
    this.#rows = rows;
    this.#body.replaceChildren(...rows.flatMap((row) => row.elements()));
  }

  #next({ key, descending }: Column): Sort {
    return key === this.#sort.key ? { key, descending: !this.#sort.descending } : { key, descending };
  }

  /** The arrow keys move between the rows. */
  #move(event: KeyboardEvent): void {
    const by = moves[event.key];
    const { activeElement } = document;
    if (by === undefined || activeElement === null || !activeElement.matches('.opener')) return;
    const openers = [...this.#body.querySelectorAll<HTMLElement>('.opener')];
    const next = openers[openers.findIndex((each) => each === activeElement) + by];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  /** A press anywhere on a row opens it, unless it is on a control or marks text. */
  #press({ target }: MouseEvent): void {
    if (!(target instanceof Element) || target.closest('button, a') !== null) return;
    if (getSelection()?.isCollapsed === false) return;
    target.closest('tr.secret')?.querySelector<HTMLElement>('.opener')?.click();
  }
}
