/** Makes elements. Text only ever becomes text: nothing here parses markup. */
import { plural } from './words.ts';

export type Child = Node | string | undefined;

/** Attributes by name; `false` and `undefined` leave one out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An HTML element with these attributes and children. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** An SVG element. */
export function svg(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A button that calls `action`. */
export function button(attributes: Attributes, action: () => void, ...children: readonly Child[]) {
  const element = el('button', { type: 'button', ...attributes }, ...children);
  element.addEventListener('click', action);
  return element;
}

/** A drop-down list with a visible label. */
export function select(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  onChange: (value: string) => void,
): { readonly field: HTMLElement; readonly control: HTMLSelectElement } {
  const control = el('select', {}, ...options.map(([value, text]) => el('option', { value }, text)));
  control.addEventListener('change', () => onChange(control.value));
  return { field: el('label', { class: 'field' }, el('span', {}, label), control), control };
}

/** A section of the page with its heading. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  const heading = `${id}-heading`;
  return el(
    'section',
    { id, class: 'card', 'aria-labelledby': heading },
    el('h2', { id: heading }, title),
    ...children,
  );
}

/**
 * Fills a list with its first items, and with the others when a button is pressed or the page is printed.
 * @param noun of one of the others: `more place`
 * @returns the list, with the button if there are others
 */
export function longList<Item>(
  list: HTMLElement,
  items: readonly Item[],
  first: number,
  make: (item: Item) => HTMLElement,
  noun: string,
): HTMLElement[] {
  list.append(...items.slice(0, first).map(make));
  const others = items.slice(first);
  if (others.length === 0) return [list];
  const all = button(
    { class: 'link' },
    () => {
      list.append(...others.map(make));
      all.remove();
    },
    `Show ${plural(others.length, noun)}`,
  );
  addEventListener('beforeprint', () => {
    if (all.isConnected) all.click();
  });
  return [list, all];
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
}
