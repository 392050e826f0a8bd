/**
 * Estimates how often a window lets a place of a text pass: bytes as a Markov chain whose transitions come from
 * counted pairs. Off by a small factor for a single window, but good at distinguishing a rare one from a common
 * one, which is its purpose.
 */
import { byteClass, byteClasses } from './byte-class.ts';
import { LEVELS, STEPS_PER_DOUBLING, levels } from './byte-statistics.ts';
import type { Halves } from './halves.ts';

export class ByteModel {
  /** Probability of a byte. */
  readonly #share = new Float64Array(256);
  /** Probability of byte `b` after byte `a`, at `256 * a + b`. */
  readonly #after = new Float64Array(256 * 256);
  readonly #from = new Float64Array(256);
  readonly #to = new Float64Array(256);

  constructor() {
    const counts = levels.map((row) =>
      Array.from(row, (level) => 2 ** (LEVELS.indexOf(level) / STEPS_PER_DOUBLING) - 0.5),
    );
    const rowTotals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
    const total = rowTotals.reduce((sum, count) => sum + count, 0);
    for (let a = 0; a < 256; a += 1) {
      const row = byteClass(a);
      const rowTotal = rowTotals[row] ?? 1;
      this.#share[a] = rowTotal / total / (byteClasses[row] ?? 1);
      for (let b = 0; b < 256; b += 1) {
        const column = byteClass(b);
        this.#after[256 * a + b] = (counts[row]?.[column] ?? 0) / rowTotal / (byteClasses[column] ?? 1);
      }
    }
  }

  /** The share of a text's places that pass a bucket with these halves at its positions. */
  passing(positions: readonly Readonly<Halves>[]): number {
    const first = positions.findIndex(({ low, high }) => low !== 0xffff || high !== 0xffff);
    if (first < 0) return 1;
    let bytes: number[] = [];
    const from = this.#from;
    const to = this.#to;
    for (let at = first; at < positions.length; at += 1) {
      const next = bytesOf(positions[at]);
      for (const b of next) {
        let share = at === first ? (this.#share[b] ?? 0) : 0;
        for (const a of bytes) share += (from[a] ?? 0) * (this.#after[256 * a + b] ?? 0);
        to[b] = share;
      }
      for (const b of next) from[b] = to[b] ?? 0;
      bytes = next;
    }
    return bytes.reduce((sum, byte) => sum + (from[byte] ?? 0), 0);
  }
}

function bytesOf(halves: Readonly<Halves> | undefined): number[] {
  const bytes: number[] = [];
  const { low, high } = halves ?? { low: 0, high: 0 };
  for (let upper = 0; upper < 16; upper += 1) {
    if (((high >> upper) & 1) === 0) continue;
    for (let lower = 0; lower < 16; lower += 1) if ((low >> lower) & 1) bytes.push(16 * upper + lower);
  }
  return bytes;
}
