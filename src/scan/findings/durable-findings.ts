/**
 * Findings of a run whose store may fail. Findings that cannot be stored are counted and reported, but not
 * announced: their file does not count as scanned, so the next run finds and announces them.
 */
import { type Clock, isStorageFailure } from '../../host/platform/index.ts';
import type { FileFindings } from './findings-by-file.ts';
import {
  FindingCollector,
  type FindingLedger,
  type FindingSum,
  type GoneSearch,
} from './finding-collector.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { addSeverityCounts } from '../model/severity-counts.ts';
import type { Suppressor } from './suppression.ts';
import type { FindingHistory } from './finding-history.ts';

/** Milliseconds after a failure until the store is tried again, since each failure can take as long as the store's timeout. */
const RETRY_MS = 1000;

export interface DurableFindingsOptions {
  readonly history: FindingHistory;
  readonly redact: (text: string) => string;
  readonly suppressor: Suppressor;
  readonly coverage: CoverageRecorder;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

export class DurableFindings implements FindingLedger {
  readonly #options: DurableFindingsOptions;
  /** Files whose findings are not in the store. */
  readonly #uncommitted: FindingCollector;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(options: DurableFindingsOptions) {
    this.#options = options;
    this.#uncommitted = new FindingCollector({ ...options, log: silent });
  }

  get total(): number {
    return this.#options.history.total + this.#uncommitted.total;
  }

  add(file: FileFindings): void {
    const { history, clock } = this.#options;
    if (clock.monotonic() - this.#triedAt >= RETRY_MS) {
      try {
        history.add(file);
        return;
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#uncommitted.add(file);
  }

  async lookForGone(how: GoneSearch): Promise<void> {
    try {
      await this.#options.history.lookForGone(how);
    } catch (error) {
      this.#failed(error);
    }
  }

  finish(how: Parameters<FindingLedger['finish']>[0]): FindingSum {
    const { history } = this.#options;
    const uncommitted = this.#uncommitted.finish();
    try {
      return sum(history.finish(how), uncommitted);
    } catch (error) {
      this.#failed(error);
    }
    try {
      return sum(history.current(how.inScope), uncommitted);
    } catch (error) {
      this.#failed(error);
      return uncommitted;
    }
  }

  #failed(error: unknown): void {
    if (!isStorageFailure(error)) throw error;
    this.#triedAt = this.#options.clock.monotonic();
    this.#options.onFailure(error);
  }
}

/** A log that discards all records. */
export const silent = () => undefined;

function sum(stored: FindingSum, uncommitted: FindingSum): FindingSum {
  const count = { ...stored.count };
  addSeverityCounts(count, uncommitted.count);
  return {
    ...stored,
    listed: [...stored.listed, ...uncommitted.listed],
    omitted: added(stored.omitted, uncommitted.omitted),
    count,
    shipped: stored.shipped + uncommitted.shipped,
    suppressed: added(stored.suppressed, uncommitted.suppressed),
  };
}

type Counts = Readonly<Record<string, number>>;

function added(some: Counts, more: Counts): Counts {
  const all: Record<string, number> = { ...some };
  for (const [name, count] of Object.entries(more)) all[name] = (all[name] ?? 0) + count;
  return all;
}
