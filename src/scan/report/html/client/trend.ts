/** The number of findings over time, as steps, with the same numbers in a table for screen readers. */
import { severities } from '../../../model/finding.ts';
import type { PageTrendPoint } from '../page-data.ts';
import { el, svg } from './dom.ts';
import { sum } from './totals.ts';
import { capital, day, number } from './words.ts';

const WIDTH = 1000;
const HEIGHT = 160;
/** Of the newest day, after which there is nothing. */
const LAST_WIDTH = 20;

export function trendChart(points: readonly PageTrendPoint[]): HTMLElement {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return el('div');
  const totals = points.map(({ counts }) => sum(Object.values(counts)));
  const most = Math.max(1, ...totals);
  const [from, to] = [Date.parse(first.day), Date.parse(last.day)];
  const x = (point: PageTrendPoint | undefined) =>
    point === undefined
      ? WIDTH
      : ((Date.parse(point.day) - from) / Math.max(1, to - from)) * (WIDTH - LAST_WIDTH);
  const bars = points.flatMap((point, index) => {
    const [left, right] = [x(point), x(points[index + 1])];
    let bottom = HEIGHT;
    return severities.flatMap((severity) => {
      const height = (point.counts[severity] / most) * HEIGHT;
      bottom -= height;
      const box = { x: left.toFixed(1), width: (right - left).toFixed(1), y: bottom.toFixed(1) };
      return height === 0 ? [] : [svg('rect', { class: severity, ...box, height: height.toFixed(1) })];
    });
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
      ...bars,
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
