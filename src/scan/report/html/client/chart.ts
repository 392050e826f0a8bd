/** Who or what has the findings: stacked bars by severity, each of which filters the list. */
import { severities } from '../../../model/finding.ts';
import type { PageData } from '../page-data.ts';
import { button, el, select, svg } from './dom.ts';
import { type Filters, type Show } from './filters.ts';
import { type Place, countBy } from './model.ts';
import { capital, number, plural } from './words.ts';

const MAX_BARS = 8;
/** Units of a bar's own coordinates. */
const WIDTH = 1000;
const HEIGHT = 20;
/** So that one finding among thousands can be seen. */
const LEAST = 6;

interface Dimension {
  readonly key: keyof Pick<Filters, 'owner' | 'family' | 'rule' | 'machine' | 'team'>;
  readonly name: string;
  readonly of: (place: Place) => string | undefined;
}

const dimensions: readonly Dimension[] = [
  { key: 'team', name: 'Team', of: ({ finding }) => finding.team },
  { key: 'owner', name: 'Owner', of: ({ finding }) => finding.owner },
  { key: 'family', name: 'Family', of: ({ rule }) => rule.family },
  { key: 'rule', name: 'Type of secret', of: ({ rule }) => rule.id },
  { key: 'machine', name: 'Machine', of: ({ machine }) => machine.name },
];

export function breakdown({ rules }: PageData, places: readonly Place[], show: Show): HTMLElement {
  const offered = dimensions.filter(({ of }) => new Set(places.map(of)).size > 1);
  const first = offered[0] ?? dimensions.find(({ key }) => key === 'rule');
  if (first === undefined) return el('div');
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const bars = el('div');
  const draw = (dimension: Dimension) =>
    bars.replaceChildren(
      barList(dimension, places, show, (value) =>
        dimension.key === 'rule' ? (titles.get(value) ?? value) : value,
      ),
    );
  draw(first);
  const { field } = select(
    'Findings by',
    (offered.length > 0 ? offered : [first]).map(({ key, name }) => [key, name]),
    (chosen) => draw(dimensions.find(({ key }) => key === chosen) ?? first),
  );
  return el(
    'div',
    { class: 'chart' },
    el('div', { class: 'chart-head' }, el('h3', {}, 'Where they are'), field),
    legend(),
    bars,
  );
}

function barList(
  { key, of }: Dimension,
  places: readonly Place[],
  show: Show,
  label: (value: string) => string,
): HTMLElement {
  const rows = countBy(places, of);
  const most = rows[0]?.total ?? 1;
  const shown = rows.slice(0, MAX_BARS).map(({ value, total, bySeverity }) =>
    el(
      'li',
      {},
      button(
        {
          class: 'link',
          title: label(value),
          'aria-label': `${label(value)}: ${inWords(bySeverity)}. Show them`,
        },
        () => show({ [key]: value }),
        label(value),
      ),
      bar(bySeverity, total / most),
      el('span', { class: 'number', 'aria-hidden': 'true' }, number(total)),
    ),
  );
  const hidden = rows.length - shown.length;
  return el(
    'div',
    {},
    el('ul', { class: 'bars' }, ...shown),
    hidden > 0 ? el('p', { class: 'muted' }, `and ${plural(hidden, 'more', 'more')}`) : undefined,
  );
}

/** `2 critical, 5 high`. */
function inWords(bySeverity: readonly number[]): string {
  return severities
    .flatMap((severity, rank) => {
      const count = bySeverity[rank] ?? 0;
      return count > 0 ? [`${number(count)} ${severity}`] : [];
    })
    .toReversed()
    .join(', ');
}

/** @param share of the width, from 0 to 1 */
function bar(bySeverity: readonly number[], share: number): SVGElement {
  const total = bySeverity.reduce((sum, count) => sum + count, 0);
  let x = 0;
  const parts = severities.toReversed().flatMap((severity) => {
    const count = bySeverity[severities.indexOf(severity)] ?? 0;
    if (count === 0) return [];
    const width = Math.max(LEAST, (count / total) * share * WIDTH);
    const part = svg('rect', {
      class: severity,
      x: x.toFixed(1),
      y: 0,
      width: width.toFixed(1),
      height: HEIGHT,
    });
    x += width;
    return [part];
  });
  return svg(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    ...parts,
  );
}

function legend(): HTMLElement {
  return el(
    'ul',
    { class: 'legend', 'aria-label': 'Colours' },
    ...severities.toReversed().map((severity) => el('li', { class: severity }, capital(severity))),
  );
}
