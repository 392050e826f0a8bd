/** The controls above the list: search, severities and lists of what occurs on this page. */
import { confidences, severities } from '../../../model/finding.ts';
import type { PageData } from '../page-data.ts';
import { button, el, select } from './dom.ts';
import { type Filters, isOpen, isShipped, noFilters } from './filters.ts';
import { type Place, countBy } from './model.ts';
import { capital, number } from './words.ts';

/** Milliseconds of quiet after a key before the list follows. */
const TYPING_PAUSE_MS = 120;
/** Values in a drop-down list; the search finds the others. */
const MAX_OPTIONS = 1000;

type TextKey = 'confidence' | 'family' | 'rule' | 'owner' | 'team' | 'machine' | 'state';

const stateNames: Readonly<Record<string, string>> = {
  open: 'Open',
  new: 'New',
  persisting: 'Persisting',
  moved: 'Moved',
  gone: 'Gone',
  unconfirmed: 'Not seen again',
};

export class FilterBar {
  readonly element: HTMLElement;
  readonly #search: HTMLInputElement;
  readonly #severities = new Map<string, HTMLButtonElement>();
  readonly #lists = new Map<TextKey, { label: string; control: HTMLSelectElement }>();
  readonly #switches = new Map<'shipped' | 'spread', { label: string; control: HTMLInputElement }>();
  /** What is shown in addition, or alone. */
  readonly switches: HTMLElement;
  /** Only there when it has an effect. */
  readonly reset: HTMLButtonElement;
  readonly #onChange: (change: Partial<Filters>) => void;
  #filters: Readonly<Filters> = noFilters;

  constructor(data: PageData, places: readonly Place[], onChange: (change: Partial<Filters>) => void) {
    this.#onChange = onChange;
    this.#search = this.#searchField();
    this.reset = button({ class: 'link reset' }, () => onChange({ ...noFilters }), 'Clear filters');
    const titles = new Map(data.rules.map(({ id, title }) => [id, title]));
    const lists = [
      this.#list('state', 'Status', places, ({ finding }) => finding.state, stateName),
      this.#list(
        'rule',
        'Type',
        places,
        ({ rule }) => rule.id,
        (id) => titles.get(id) ?? id,
      ),
      this.#list('family', 'Family', places, ({ rule }) => rule.family),
      this.#list('confidence', 'Confidence', places, ({ finding }) => finding.confidence, capital),
      this.#list('owner', 'Owner', places, ({ finding }) => finding.owner),
      this.#list('team', 'Team', places, ({ finding }) => finding.team),
      this.#list('machine', 'Machine', places, ({ machine }) => machine.name),
    ];
    this.switches = el(
      'div',
      { class: 'switches' },
      this.#switch('shipped', 'In files of packages', places.some(isShipped)),
      this.#switch('spread', 'On several machines', data.kind === 'fleet'),
    );
    this.element = el(
      'form',
      { class: 'filters', role: 'search', 'aria-label': 'Filter the findings' },
      el('label', { class: 'field search' }, el('span', {}, 'Search'), this.#search),
      this.#severityButtons(),
      ...lists,
    );
    this.element.addEventListener('submit', (event) => event.preventDefault());
  }

  /** Shows these filters in the controls. */
  set(filters: Readonly<Filters>): void {
    this.#filters = filters;
    if (this.#search.value !== filters.text) this.#search.value = filters.text;
    for (const [severity, toggle] of this.#severities) {
      toggle.setAttribute('aria-pressed', String([...filters.severity].some((each) => each === severity)));
    }
    for (const [key, { control }] of this.#lists) {
      offer(control, filters[key]);
      control.value = filters[key];
    }
    for (const [key, { control }] of this.#switches) control.checked = filters[key];
    this.reset.hidden = this.inWords().length === 0;
  }

  /** The filters that are set, for people: `severity critical or high`. */
  inWords(): string[] {
    const { text, severity } = this.#filters;
    return [
      ...(text === '' ? [] : [`the words "${text}"`]),
      ...(severity.size === 0 ? [] : [`severity ${[...severity].join(' or ')}`]),
      ...[...this.#lists].flatMap(([key, { label, control }]) =>
        this.#filters[key] === noFilters[key]
          ? []
          : [`${label.toLowerCase()} ${control.selectedOptions[0]?.dataset['name'] ?? 'any'}`],
      ),
      ...[...this.#switches].flatMap(([key, { label }]) => (this.#filters[key] ? [label.toLowerCase()] : [])),
    ];
  }

  #searchField(): HTMLInputElement {
    const input = el('input', {
      type: 'search',
      placeholder: 'File, type, owner, fingerprint …',
      autocomplete: 'off',
      spellcheck: 'false',
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#onChange({ text: input.value }), TYPING_PAUSE_MS);
    });
    return input;
  }

  #severityButtons(): HTMLElement {
    const buttons = severities.toReversed().map((severity) => {
      const toggle = button({ class: `toggle ${severity}`, 'aria-pressed': 'false' }, () => {
        const chosen = new Set(this.#filters.severity);
        if (!chosen.delete(severity)) chosen.add(severity);
        this.#onChange({ severity: chosen });
      });
      toggle.append(capital(severity));
      this.#severities.set(severity, toggle);
      return toggle;
    });
    return el(
      'div',
      { class: 'field', role: 'group', 'aria-label': 'Severity' },
      el('span', { 'aria-hidden': 'true' }, 'Severity'),
      el('div', { class: 'toggles' }, ...buttons),
    );
  }

  /** A drop-down list, if there is anything to choose from. */
  #list(
    key: TextKey,
    label: string,
    places: readonly Place[],
    of: (place: Place) => string | undefined,
    name = (value: string) => value,
  ): HTMLElement | undefined {
    const counted = countBy(
      key === 'state' ? places : places.filter((place) => isOpen(place) && !isShipped(place)),
      of,
    );
    if (counted.length < (key === 'state' ? 1 : 2)) return undefined;
    const rows = key === 'confidence' ? byRank(counted) : counted.slice(0, MAX_OPTIONS);
    const first: [string, string][] =
      key === 'state'
        ? [
            ['open', 'Open'],
            ['', 'Any'],
          ]
        : [['', 'Any']];
    const { field, control } = select(
      label,
      [...first, ...rows.map(({ value, total }) => [value, `${name(value)} (${number(total)})`] as const)],
      (value) => this.#onChange({ [key]: value }),
    );
    for (const option of control.options) option.dataset['name'] = name(option.value);
    this.#lists.set(key, { label, control });
    return field;
  }

  #switch(key: 'shipped' | 'spread', label: string, isOffered: boolean): HTMLElement | undefined {
    if (!isOffered) return undefined;
    const control = el('input', { type: 'checkbox' });
    control.addEventListener('change', () => this.#onChange({ [key]: control.checked }));
    this.#switches.set(key, { label, control });
    return el('label', { class: 'check' }, control, el('span', {}, label));
  }
}

function stateName(state: string): string {
  return stateNames[state] ?? capital(state);
}

function byRank<Row extends { readonly value: string }>(rows: readonly Row[]): Row[] {
  const rank = ({ value }: Row) => confidences.findIndex((each) => each === value);
  return rows.toSorted((a, b) => rank(b) - rank(a));
}

/** A value that is not in the list, since the list is bounded or the value came with the address, becomes part of it. */
function offer(control: HTMLSelectElement, value: string): void {
  if ([...control.options].some((option) => option.value === value)) return;
  control.append(el('option', { value, 'data-name': value }, value));
}
