/**
 * Quotas for findings in the store: one for each owner, and a total; when the total is reached, the owner with the
 * most findings has to make room. Decides which finding a new one replaces; removes nothing.
 */
import type { FindingRow, FindingStore } from './finding-store.ts';

/** Maximum number of findings of one owner, and of all. */
const MAX_PER_OWNER = 20_000;
const MAX_IN_ALL = 100_000;

export class FindingQuota {
  readonly #findings: FindingStore;
  #counts = new Map<string, number>();
  #total = 0;

  constructor(findings: FindingStore) {
    this.#findings = findings;
    this.recount();
  }

  /** Counts the findings in the store, after a change that was rolled back. */
  recount(): void {
    this.#counts = new Map(this.#findings.countByOwner());
    this.#total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get total(): number {
    return this.#total;
  }

  /** Counts one more, or one less. */
  add(owner: string, by: 1 | -1): void {
    const count = (this.#counts.get(owner) ?? 0) + by;
    if (count > 0) this.#counts.set(owner, count);
    else this.#counts.delete(owner);
    this.#total += by;
  }

  /** True when a finding of this owner fits in. */
  hasRoom(owner: string): boolean {
    return (this.#counts.get(owner) ?? 0) < MAX_PER_OWNER && this.#total < MAX_IN_ALL;
  }

  /**
   * The finding that a new one replaces when there is no room: a less severe one of the same owner or, if the new
   * finding is `news`, an equally severe one that was announced by an earlier run. When all owners together have
   * too many, it is one of the owner with the most, whatever its severity.
   * @param rank see `rankOf`
   * @returns undefined when there is none
   */
  leastOf(owner: string, rank: number, isNews: boolean, now: number): FindingRow | undefined {
    const payer = this.#payerFor(owner);
    if (payer !== owner) return this.#findings.least(payer);
    return (
      this.#findings.leastBelow(owner, rank) ??
      (isNews ? this.#findings.longestAlerted(owner, rank, now) : undefined)
    );
  }

  #payerFor(owner: string): string {
    const own = this.#counts.get(owner) ?? 0;
    if (own >= MAX_PER_OWNER) return owner;
    let payer = owner;
    let most = own;
    for (const [other, count] of this.#counts) {
      if (count <= most) continue;
      payer = other;
      most = count;
    }
    return payer;
  }
}
