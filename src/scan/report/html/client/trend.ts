/** The number of findings over time, as stacked areas, with the same numbers in a table for screen readers. */
import { severities } from '../../../model/finding.ts';
import type { PageTrendPoint } from '../page-data.ts';
import { el, svg } from './dom.ts';
import { sum } from './totals.ts';
import { capital, day, number } from './words.ts';

const WIDTH = 1000;
const HEIGHT = 160;

export function trendChart(points: readonly PageTrendPoint[]): HTMLElement {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return el('div');
  const totals = points.map(({ counts }) => sum(Object.values(counts)));
  const most = Math.max(1, ...totals);
  const [from, to] = [Date.parse(first.day), Date.parse(last.day)];
  const x = (point: PageTrendPoint) => ((Date.parse(point.day) - from) / Math.max(1, to - from)) * WIDTH;
  const y = (count: number) => HEIGHT - (count / most) * HEIGHT;
  let below = points.map(() => 0);
  const areas = severities.toReversed().map((severity) => {
    const top = points.map(({ counts }, index) => (below[index] ?? 0) + counts[severity]);
    const line = (heights: readonly number[]) =>
      points.map((point, index) => `${x(point).toFixed(1)},${y(heights[index] ?? 0).toFixed(1)}`);
    const shape = [...line(top), ...line(below).toReversed()].join(' ');
    below = top;
    return svg('polygon', { class: severity, points: shape });
  });
  return el(
    'figure',
    { class: 'trend' },
    el('figcaption', {}, 'Findings over time'),
    svg(
      'svg',
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
        focusable: 'false',
      },
      ...areas,
    ),
    el(
      'div',
      { class: 'axis muted', 'aria-hidden': 'true' },
      el('span', {}, `${day(first.day)}: ${number(totals[0] ?? 0)}`),
      el('span', {}, `highest: ${number(most)}`),
      el('span', {}, `${day(last.day)}: ${number(totals.at(-1) ?? 0)}`),
    ),
    tableOf(points),
  );
}

function tableOf(points: readonly PageTrendPoint[]): HTMLElement {
  const names = severities.toReversed();
  return el(
    'table',
    { class: 'for-readers' },
    el('caption', {}, 'Findings over time'),
    el('tr', {}, ...['Day', ...names.map(capital)].map((name) => el('th', { scope: 'col' }, name))),
    ...points.map((point) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, day(point.day)),
        ...names.map((severity) => el('td', {}, number(point.counts[severity]))),
      ),
    ),
  );
}
