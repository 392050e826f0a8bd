/**
 * Where candidates of one text overlap, passes on only the one of the most specific rule, in the order of their
 * positions.
 */
import type { Candidate, Detection, OnDetection } from './candidate.ts';
import type { PermitsInLine } from './line-exceptions.ts';
import type { Locator } from './locator.ts';

/** A candidate whose position is known and whose overlaps are not. */
interface LocatedCandidate {
  readonly detection: Detection;
  /** Offset in the text. */
  readonly end: number;
  readonly rank: number;
  /** It overlaps a candidate of a more specific rule. */
  shadowed: boolean;
}

export class OverlapResolver {
  /** Indexed by rule: where candidates overlap, the one with the lowest rank is reported. */
  readonly #ranks: readonly number[];
  readonly #locator: Locator;
  readonly #permits: PermitsInLine | undefined;
  /** Candidates that begin in the next chunk. */
  #late: Candidate[] = [];
  /** In the order of their positions: what is not reported yet, since a later match may overlap it. */
  #queue: LocatedCandidate[] = [];
  /** Those that extend beyond the start of the latest one: at most one per rule. */
  #open: LocatedCandidate[] = [];

  /** @param permits asked where the lines of a candidate are at hand */
  constructor(ranks: readonly number[], locator: Locator, permits?: PermitsInLine) {
    this.#ranks = ranks;
    this.#locator = locator;
    this.#permits = permits;
  }

  /**
   * Takes the candidates of a chunk, whose first byte is the first of `bytes`. Of those that do not begin within
   * its first `length` bytes, some may be found only in the next chunk, so all of them wait for it.
   */
  add(candidates: readonly Candidate[], bytes: Buffer, length = Infinity): void {
    this.#locator.begin(bytes);
    const sorted = [...this.#late, ...candidates].sort(
      (a, b) => a.start - b.start || this.#rank(a) - this.#rank(b) || a.end - b.end,
    );
    const settled = this.#locator.base + length;
    const isLate = ({ start }: Candidate) => start >= settled;
    this.#late = sorted.filter(isLate);
    for (const found of sorted) {
      if (isLate(found)) break;
      const isPermitted = this.#permits?.(found, bytes, this.#locator.base) === true;
      const candidate = isPermitted ? { ...found, isAllowed: true } : found;
      const { start, end } = candidate;
      const detection = this.#locator.locate(candidate, bytes);
      this.#enqueue({ detection, end, rank: this.#rank(candidate), shadowed: false }, start);
    }
  }

  /** Moves past the first `length` bytes of the chunk, in the engine's memory: later candidates start after them. */
  leave(length: number, onDetection: OnDetection): void {
    this.#release(this.#locator.base + length, onDetection);
    this.#locator.leave(length);
  }

  /** Reports the rest. */
  finish(onDetection: OnDetection): void {
    this.#release(Infinity, onDetection);
  }

  #rank({ rule, isEncoded, isUndecorated, isDecorated, isAllowed }: Candidate): number {
    // What an allowlist permits must not shadow anything else.
    const later = Number(isEncoded === true) + Number(isDecorated === true) + 2 * Number(isAllowed === true);
    return (this.#ranks[rule] ?? 0) + Number(isUndecorated === true) / 2 + later * this.#ranks.length;
  }

  /**
   * Adds the next one in the order of positions. Of two that overlap, the one with the higher rank is shadowed; with equal
   * ranks, the shorter or earlier one.
   */
  #enqueue(next: LocatedCandidate, start: number): void {
    this.#open = this.#open.filter(({ end }) => end > start);
    for (const other of this.#open) {
      if (other.rank < next.rank) next.shadowed = true;
      else other.shadowed = true;
    }
    this.#open.push(next);
    this.#queue.push(next);
  }

  /** Reports, in order, the candidates that no match starting at `settled` or later can overlap. */
  #release(settled: number, onDetection: OnDetection): void {
    let count = this.#queue.findIndex(({ end }) => end > settled);
    if (count < 0) count = this.#queue.length;
    for (const { detection, shadowed } of this.#queue.splice(0, count)) if (!shadowed) onDetection(detection);
  }
}
