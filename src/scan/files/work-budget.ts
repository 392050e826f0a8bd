/**
 * Limits the CPU time for one text. This is the last line of defence: rules are written so that no text comes near
 * the limit. It counts CPU time, not wall time, so that nothing is skipped on a busy machine.
 */
import type { WorkBudget } from '../engine/index.ts';

const BYTES_PER_MEGABYTE = 1024 * 1024;
/** Milliseconds for each megabyte, and in addition for each text, since the first use of an expression compiles it. */
const MS_PER_MEGABYTE = 500;
const MS_PER_TEXT = 300;
/**
 * Milliseconds for each finding in addition: more than twice what one takes. Without them, a user could put so many passwords before
 * a key that the file is abandoned before it.
 */
const MS_PER_FINDING = 0.05;
/** Steps between two readings of the clock: some 100 microseconds of ordinary work. */
const STEPS_BETWEEN_CLOCK_READS = 64 * 1024;
const FRESH_MS = 2;

/** Custom rules run on RE2, which takes linear time, but many times as long. */
const CUSTOM_RULES_FACTOR = 10;

export interface BudgetOptions {
  /** Milliseconds of CPU time that this thread has used so far. */
  readonly cpuTime?: () => number;
  /** Multiplies the allowance, for custom rules. */
  readonly factor?: number;
}

/** The budget for texts that are scanned with these custom rules, or without any. */
export function budgetFor(customRules: object | undefined): TextBudget {
  return new TextBudget({ factor: customRules === undefined ? 1 : CUSTOM_RULES_FACTOR });
}

/** The budget of one text after another. */
export class TextBudget implements WorkBudget {
  readonly #cpuTime: () => number;
  readonly #recentCpuTime: () => number;
  readonly #factor: number;
  #allowance = 0;
  #used = 0;
  #since = 0;
  #steps = 0;
  #isSpent = false;

  constructor({ cpuTime, factor = 1 }: BudgetOptions = {}) {
    this.#cpuTime = cpuTime ?? cpuTimeOfThread;
    this.#recentCpuTime = cpuTime ?? recentCpuTimeOfThread;
    this.#factor = factor;
  }

  /** Starts a text. @param bytes how many of its bytes are in memory */
  begin(bytes = 0): void {
    this.#allowance = this.#factor * MS_PER_TEXT;
    this.#used = 0;
    this.#isSpent = false;
    this.#since = this.#recentCpuTime();
    this.add(bytes);
  }

  /** More bytes of the text are in memory. */
  add(bytes: number): void {
    this.#allowance += (this.#factor * MS_PER_MEGABYTE * bytes) / BYTES_PER_MEGABYTE;
  }

  found(count: number): void {
    this.#allowance += this.#factor * MS_PER_FINDING * count;
  }

  /** Work on the text continues; the time since `pause` does not count. */
  resume(): void {
    this.#since = this.#cpuTime();
  }

  /** Work on the text is interrupted. */
  pause(): void {
    this.#look();
  }

  spend(steps: number): boolean {
    this.#steps += steps;
    if (this.#steps >= STEPS_BETWEEN_CLOCK_READS) this.#look();
    return this.#isSpent;
  }

  #look(): void {
    const now = this.#cpuTime();
    this.#used += now - this.#since;
    this.#since = now;
    this.#steps = 0;
    if (this.#used > this.#allowance) this.#isSpent = true;
  }
}

/** What was read last: when (by the wall clock), and the CPU time, both in milliseconds. */
let readAt = -Infinity;
let known = 0;

function cpuTimeOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  known = (user + system) / 1000;
  readAt = performance.now();
  return known;
}

/**
 * Up to `FRESH_MS` old, which a text is charged for at most once. Reading the CPU time takes more than a microsecond: for each of
 * many small files, 3 % of a scan.
 */
function recentCpuTimeOfThread(): number {
  return performance.now() - readAt < FRESH_MS ? known : cpuTimeOfThread();
}
