/**
 * The findings that a report lists, in bounded memory: a share for each owner and a total; when the total is
 * reached, the owner with the most makes room. For each owner, the most severe are listed, and of equally severe
 * ones the newest.
 */
import type { Finding } from '../model/finding.ts';
import { mostSevereFirst } from '../model/finding-order.ts';

/** Maximum number of findings of one owner, and of all; one with a long path or many locations counts as several. */
const MAX_PER_OWNER = 10_000;
const MAX_IN_ALL = 30_000;
/** This many more are held before the selection is made. */
const MAX_UNCHOSEN = 6000;

interface Listed {
  readonly finding: Finding & { files?: number };
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly newness: number;
  readonly order: number;
  /** How much memory it takes, in units of a typical finding. */
  readonly weight: number;
}

/** Number of characters of a path that count as one more finding. */
const CHARS_PER_WEIGHT = 500;
/** The same for locations. */
const LOCATIONS_PER_WEIGHT = 8;

export class ListedFindings {
  #listed: Listed[] = [];
  #weight = 0;
  readonly #counts = new Map<string, number>();
  #order = 0;

  /** @param newness when the file was changed or the finding found: milliseconds since 1970 */
  add(finding: Finding, owner: string, newness: number): void {
    this.count(owner, 1);
    const locations = finding.locations?.length ?? 0;
    const weight = 1 + Math.floor(finding.path.length / CHARS_PER_WEIGHT + locations / LOCATIONS_PER_WEIGHT);
    this.#listed.push({ finding: { ...finding, owner }, owner, newness, order: this.#order, weight });
    this.#order += 1;
    this.#weight += weight;
    if (this.#weight >= MAX_IN_ALL + MAX_UNCHOSEN) this.#choose();
  }

  /** Counts findings whose details are unknown. */
  count(owner: string, count: number): void {
    if (count > 0) this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + count);
  }

  /**
   * The findings in the order in which they were added, and how many more each owner has.
   * @param filesOf in how many files a finding's secret is
   */
  finish(filesOf: (finding: Finding) => number): {
    readonly listed: readonly Finding[];
    readonly omitted: Readonly<Record<string, number>>;
  } {
    this.#choose();
    const omitted = new Map(this.#counts);
    for (const { owner } of this.#listed) omitted.set(owner, (omitted.get(owner) ?? 0) - 1);
    for (const { finding } of this.#listed) {
      const files = filesOf(finding);
      if (files > 1) finding.files = files;
    }
    return {
      listed: this.#listed.map(({ finding }) => finding),
      omitted: Object.fromEntries([...omitted].filter(([, count]) => count > 0)),
    };
  }

  #choose(): void {
    const byOwner = Map.groupBy(this.#listed, ({ owner }) => owner);
    const share = shareOf([...byOwner.values()].map(weightOf));
    this.#listed = [...byOwner.values()]
      .flatMap((all) => (weightOf(all) <= share ? all : mostSevere(all, share)))
      .sort((a, b) => a.order - b.order);
    this.#weight = weightOf(this.#listed);
  }
}

function weightOf(all: readonly Listed[]): number {
  return all.reduce((sum, { weight }) => sum + weight, 0);
}

/** The most severe and newest findings of an owner that weigh no more than the share. */
function mostSevere(all: Listed[], share: number): readonly Listed[] {
  let sum = 0;
  all.sort(mostSevereAndNewest);
  const end = all.findIndex(({ weight }) => (sum += weight) > share);
  return end < 0 ? all : all.slice(0, end);
}

/** The largest share with which all of them fit. */
function shareOf(weights: readonly number[]): number {
  let room = MAX_IN_ALL;
  let left = weights.length;
  for (const weight of weights.toSorted((a, b) => a - b)) {
    const share = Math.floor(room / left);
    if (weight > share) return Math.min(MAX_PER_OWNER, share);
    room -= weight;
    left -= 1;
  }
  return MAX_PER_OWNER;
}

function mostSevereAndNewest(a: Listed, b: Listed): number {
  return mostSevereFirst(a.finding, b.finding) || b.newness - a.newness || a.order - b.order;
}
