/** Sums over the machines of a page. */
import type { PageCoverage, PageData } from '../page-data.ts';
import { plural } from './words.ts';

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** How many places could not be scanned, on all machines. */
export function missingIn({ machines }: Pick<PageData, 'machines'>): number {
  return sum(machines.map(({ coverage }) => sum(Object.values(coverage?.unexamined ?? {}))));
}

/** The sum of several counts by reason. */
export function added(all: readonly Readonly<Record<string, number>>[]): [reason: string, count: number][] {
  const counts = new Map<string, number>();
  for (const each of all) {
    for (const [reason, count] of Object.entries(each)) counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The number of files that are known, and of what is no file, such as processes. */
export function scannedIn({ files, unchanged, sources = {} }: PageCoverage): number {
  return files + unchanged + sum(Object.values(sources));
}

/** What keeps a reader from concluding that everything was scanned: `7 places not scanned`. Empty when nothing does. */
export function gapsInWords(data: Pick<PageData, 'machines'>): string[] {
  const missing = missingIn(data);
  const unknown = data.machines.filter(({ coverage }) => coverage === undefined).length;
  const idle = data.machines.filter(
    ({ coverage }) => coverage !== undefined && scannedIn(coverage) === 0,
  ).length;
  const on = (count: number) => (data.machines.length === 1 ? '' : ` on ${plural(count, 'machine')}`);
  return [
    ...(missing > 0 ? [`${plural(missing, 'place')} not scanned`] : []),
    ...(idle > 0 ? [`no file scanned${on(idle)}`] : []),
    ...(unknown > 0 ? [`what was scanned is unknown${on(unknown)}`] : []),
  ];
}
