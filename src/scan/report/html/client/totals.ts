/** Sums over the machines of a page. */
import type { PageData } from '../page-data.ts';

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
