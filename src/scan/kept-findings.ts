/**
 * The findings that a report lists, in bounded memory: a share for each owner and a total, under which the owner with the
 * most gives way. Of one owner the most severe are kept, and of equally severe ones the newest.
 */
import { type Finding, severities } from '../task.ts';

/** Findings of one owner, and of all. */
const PER_OWNER = 10_000;
const IN_ALL = 30_000;
/** So many more are held until it is worth to choose among them. */
const SLACK = 6000;

interface Kept {
  readonly finding: Finding;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly newness: number;
  readonly order: number;
}

export class KeptFindings {
  #kept: Kept[] = [];
  readonly #counts = new Map<string, number>();
  #order = 0;

  /** @param newness when the file was changed, or the finding found: milliseconds since 1970 */
  add(finding: Finding, owner: string, newness: number): void {
    this.count(owner, 1);
    this.#kept.push({ finding, owner, newness, order: this.#order });
    this.#order += 1;
    if (this.#kept.length >= IN_ALL + SLACK) this.#choose();
  }

  /** Counts findings that are not known in detail. */
  count(owner: string, count: number): void {
    if (count > 0) this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + count);
  }

  /** What is kept, in the order in which it was added, and how many more there are of each owner. */
  finish(): { readonly kept: readonly Finding[]; readonly omitted: Readonly<Record<string, number>> } {
    this.#choose();
    const omitted = new Map(this.#counts);
    for (const { owner } of this.#kept) omitted.set(owner, (omitted.get(owner) ?? 0) - 1);
    return {
      kept: this.#kept.map(({ finding }) => finding),
      omitted: Object.fromEntries([...omitted].filter(([, count]) => count > 0)),
    };
  }

  #choose(): void {
    const byOwner = Map.groupBy(this.#kept, ({ owner }) => owner);
    const share = shareOf([...byOwner.values()].map(({ length }) => length));
    if (this.#kept.length <= IN_ALL && [...byOwner.values()].every(({ length }) => length <= share)) return;
    this.#kept = [...byOwner.values()]
      .flatMap((all) => (all.length <= share ? all : all.sort(mostSevereAndNewest).slice(0, share)))
      .sort((a, b) => a.order - b.order);
  }
}

/** The largest share within which all of them fit. */
function shareOf(counts: readonly number[]): number {
  let room = IN_ALL;
  let left = counts.length;
  for (const count of counts.toSorted((a, b) => a - b)) {
    const share = Math.floor(room / left);
    if (count > share) return Math.min(PER_OWNER, share);
    room -= count;
    left -= 1;
  }
  return PER_OWNER;
}

function mostSevereAndNewest(a: Kept, b: Kept): number {
  const bySeverity = severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity);
  return bySeverity || b.newness - a.newness || a.order - b.order;
}
