/** Where candidates of one text overlap, lets only the one of the most specific rule through, in the order of their places. */
import type { Candidate, Detection, OnDetection } from './candidate.ts';
import type { Locator } from './locator.ts';

/** A candidate whose place is known and whose overlaps are not. */
interface LocatedCandidate {
  readonly detection: Detection;
  /** Offset in the text. */
  readonly end: number;
  readonly rank: number;
  /** It overlaps the candidate of a more specific rule. */
  shadowed: boolean;
}

export class OverlapResolver {
  /** By rule: where candidates overlap, the lowest rank is reported. */
  readonly #ranks: readonly number[];
  readonly #locator: Locator;
  /** They begin in the next chunk. */
  #late: Candidate[] = [];
  /** By place: what is not reported yet, since a match that is still to come may overlap it. */
  #queue: LocatedCandidate[] = [];
  /** Those that reach beyond the start of the latest one: at most one per rule. */
  #open: LocatedCandidate[] = [];

  constructor(ranks: readonly number[], locator: Locator) {
    this.#ranks = ranks;
    this.#locator = locator;
  }

  /**
   * Takes the candidates of a chunk, whose first byte is the first of `bytes`. Of those that do not begin within its first
   * `length` bytes, some may only be found in the next chunk: all of them wait for it.
   */
  add(candidates: readonly Candidate[], bytes: Buffer, length = Infinity): void {
    this.#locator.begin(bytes);
    const sorted = [...this.#late, ...candidates].sort(
      (a, b) => a.start - b.start || this.#rank(a) - this.#rank(b),
    );
    const settled = this.#locator.base + length;
    const isLate = ({ start }: Candidate) => start >= settled;
    this.#late = sorted.filter(isLate);
    for (const candidate of sorted) {
      if (isLate(candidate)) break;
      const { start, end } = candidate;
      const detection = this.#locator.locate(candidate, bytes);
      this.#enqueue({ detection, end, rank: this.#rank(candidate), shadowed: false }, start);
    }
  }

  /** Leaves the first `length` bytes of the chunk, in the engine's memory, behind: what is found later starts after them. */
  leave(length: number, onDetection: OnDetection): void {
    this.#release(this.#locator.base + length, onDetection);
    this.#locator.leave(length);
  }

  /** Reports the rest. */
  finish(onDetection: OnDetection): void {
    this.#release(Infinity, onDetection);
  }

  #rank({ rule, isEncoded, isAllowed }: Candidate): number {
    // What an allowlist lets pass must not shadow anything else.
    const later = Number(isEncoded === true) + 2 * Number(isAllowed === true);
    return (this.#ranks[rule] ?? 0) + later * this.#ranks.length;
  }

  /** Adds the next one by place. Of two that overlap, the one with the higher rank is shadowed. */
  #enqueue(next: LocatedCandidate, start: number): void {
    this.#open = this.#open.filter(({ end }) => end > start);
    for (const other of this.#open) {
      if (other.rank < next.rank) next.shadowed = true;
      else other.shadowed = true;
    }
    this.#open.push(next);
    this.#queue.push(next);
  }

  /** Reports, in order, what no match that starts at `settled` or later can overlap. */
  #release(settled: number, onDetection: OnDetection): void {
    let count = this.#queue.findIndex(({ end }) => end > settled);
    if (count < 0) count = this.#queue.length;
    for (const { detection, shadowed } of this.#queue.splice(0, count)) if (!shadowed) onDetection(detection);
  }
}
