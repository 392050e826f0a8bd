/**
 * How much CPU time one text may take. It is the last line of defence: rules are made so that no text comes near it. Time of
 * the processor counts, not of the clock, so that a busy machine leaves nothing out.
 */
import type { WorkBudget } from './engine/index.ts';

const MEGABYTE = 1024 * 1024;
/** Milliseconds for each megabyte, and beside that for each text: the first use of an expression compiles it. */
const PER_MEGABYTE = 500;
const PER_TEXT = 300;
/** Steps between two looks at the time: some 100 microseconds of ordinary work. */
const BETWEEN_LOOKS = 64 * 1024;

export interface BudgetOptions {
  /** Milliseconds of CPU time of this thread so far. */
  readonly cpuTime?: () => number;
  /** What the rules of a file of the administrator's may take: so many times as much. */
  readonly factor?: number;
}

/** The budget of one text after the other. */
export class TextBudget implements WorkBudget {
  readonly #cpuTime: () => number;
  readonly #factor: number;
  #allowance = 0;
  #used = 0;
  #since = 0;
  #steps = 0;
  #isSpent = false;

  constructor({ cpuTime = cpuTimeOfThread, factor = 1 }: BudgetOptions = {}) {
    this.#cpuTime = cpuTime;
    this.#factor = factor;
  }

  /** True when the text has taken all that it may. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Begins a text, of which so many bytes are there. */
  begin(bytes = 0): void {
    this.#allowance = this.#factor * PER_TEXT;
    this.#used = 0;
    this.#isSpent = false;
    this.#since = this.#cpuTime();
    this.add(bytes);
  }

  /** There are more bytes of the text. */
  add(bytes: number): void {
    this.#allowance += (this.#factor * PER_MEGABYTE * bytes) / MEGABYTE;
  }

  /** The text has its turn again; what the thread did meanwhile does not count. */
  resume(): void {
    this.#since = this.#cpuTime();
  }

  /** Others have their turn. */
  pause(): void {
    this.#look();
  }

  spend(steps: number): boolean {
    this.#steps += steps;
    if (this.#steps >= BETWEEN_LOOKS) this.#look();
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

function cpuTimeOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
