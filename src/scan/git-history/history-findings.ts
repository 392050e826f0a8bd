/**
 * The findings of a repository's history: each secret once, where it was first. What an earlier run has found stays where that run has seen
 * it, however often it occurs since.
 */
import type { Detection } from '../detect/candidate.ts';
import { type Growing, joinOne } from '../findings/equal-secrets.ts';
import type { KnownSecret } from '../findings/file-collection.ts';
import { noCounts } from '../model/severity-counts.ts';
import type { HistoryText } from './repository-reader.ts';

/** Secrets of a repository that are kept. */
const MAX_SECRETS = 50_000;

/** Where a text is. */
export type TextPlace = Pick<HistoryText, 'inside' | 'name' | 'rank'>;

export interface HistoryFinding extends TextPlace {
  readonly detection: Growing;
}

export class HistoryFindings {
  readonly #found = new Map<string, HistoryFinding>();
  readonly #known: ReadonlyMap<string, KnownSecret>;
  readonly #stillThere = new Map<string, KnownSecret>();
  /** New findings that are not kept, by severity. */
  readonly more = noCounts();
  /** Occurrences that an allowlist permits. */
  allowed = 0;

  /** @param known what earlier runs have found in this repository */
  constructor(known: readonly KnownSecret[]) {
    this.#known = new Map(known.map((secret) => [keyOf(secret), secret]));
  }

  add({ inside, name, rank }: TextPlace, detection: Detection): void {
    if (detection.isAllowed === true) {
      this.allowed += 1;
      return;
    }
    const key = keyOf(detection);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#stillThere.set(key, known);
      return;
    }
    const before = this.#found.get(key);
    if (before?.inside === inside) joinOne(before.detection, detection);
    else if (before === undefined && this.#found.size === MAX_SECRETS) this.more[detection.severity] += 1;
    else if (before === undefined || rank < before.rank) {
      this.#found.set(key, { inside, name, rank, detection: { ...detection } });
    }
  }

  get new(): readonly HistoryFinding[] {
    return [...this.#found.values()];
  }

  get stillThere(): readonly KnownSecret[] {
    return [...this.#stillThere.values()];
  }
}

function keyOf({ rule, fingerprint }: Pick<KnownSecret, 'rule' | 'fingerprint'>): string {
  return `${rule} ${fingerprint}`;
}
