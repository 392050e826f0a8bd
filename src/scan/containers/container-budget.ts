/**
 * Limits what one container, with all that is nested in it, may cost: a file of a few kilobytes can claim to contain terabytes. CPU time is
 * counted, not wall time, so that nothing is left out on a busy machine.
 */
import type { ReaderLimits } from './container.ts';

const BYTES_PER_MEGABYTE = 1024 * 1024;
/** Maximum number of entries, folders included. */
const MAX_ENTRIES = 500_000;
/** Reading the clock takes longer than most of what is done between two checks. */
const CHECKS_PER_CLOCK_READ = 16;
/** CPU time, in milliseconds: for each container, for each megabyte of it and that is decoded, and for each entry. Ordinary ones need a tenth. */
const MS_PER_CONTAINER = 2000;
const MS_PER_MEGABYTE = 1000;
const MS_PER_ENTRY = 0.2;
const MS_PER_RAW_MEGABYTE = 200;
/**
 * More decoded bytes than this for each byte of the file are refused. Only from a number of bytes on: a small text may consist of one
 * repeated line.
 */
const MAX_RATIO = 250;
const MAX_BYTES_AT_ANY_RATIO = 32 * BYTES_PER_MEGABYTE;
/** Bytes that nested containers, and their readers, may keep in memory. */
const MEMORY_BYTES = 16 * BYTES_PER_MEGABYTE;

export interface ContainerBudgetOptions {
  /** Maximum number of bytes that are decoded. */
  readonly maxBytes: number;
  /** Size of the file; undefined where it is not known. */
  readonly fileSize: number | undefined;
  /** True when the run must end. */
  readonly isCancelled: () => boolean;
  /** Milliseconds of CPU time that this thread has used so far. */
  readonly cpuTime?: () => number;
}

export class ContainerBudget implements ReaderLimits {
  readonly #options: ContainerBudgetOptions;
  readonly #cpuTime: () => number;
  readonly #start: number;
  #allowance = MS_PER_CONTAINER;
  /** By level of nesting: what is decoded in one is decoded again in the next. */
  readonly #bytes: number[] = [];
  #entries = 0;
  #memory = MEMORY_BYTES;
  #checks = 0;
  #isLate = false;

  constructor(options: ContainerBudgetOptions) {
    this.#options = options;
    this.#cpuTime = options.cpuTime ?? cpuTimeOfThread;
    this.#start = this.#cpuTime();
    this.passed(options.fileSize ?? 0);
  }

  get memoryBytes(): number {
    return this.#memory;
  }

  /** Reserves memory, which `release` returns. @returns false when there is not enough */
  reserve(bytes: number): boolean {
    if (bytes > this.#memory) return false;
    this.#memory -= bytes;
    return true;
  }

  release(bytes: number): void {
    this.#memory += bytes;
  }

  entry(): void {
    this.#entries += 1;
    this.#allowance += MS_PER_ENTRY;
  }

  /** So many bytes passed through a reader. */
  passed(bytes: number): void {
    this.#allowance += (MS_PER_RAW_MEGABYTE * bytes) / BYTES_PER_MEGABYTE;
  }

  /** So many bytes were decoded. @param level how many containers are around them */
  decoded(bytes: number, level: number): void {
    this.#bytes[level] = (this.#bytes[level] ?? 0) + bytes;
    this.#allowance += (MS_PER_MEGABYTE * bytes) / BYTES_PER_MEGABYTE;
  }

  isOver(): boolean {
    return this.#options.isCancelled() || this.isSpent;
  }

  /** True when a limit was reached; then nothing more of the container is read. */
  get isSpent(): boolean {
    const { maxBytes, fileSize } = this.#options;
    const bytes = this.#bytes.reduce((most, ofLevel) => Math.max(most, ofLevel), 0);
    return (
      bytes > maxBytes ||
      this.#entries > MAX_ENTRIES ||
      (bytes > MAX_BYTES_AT_ANY_RATIO && fileSize !== undefined && bytes > MAX_RATIO * fileSize) ||
      this.#isTimeUp()
    );
  }

  #isTimeUp(): boolean {
    this.#checks += 1;
    if (this.#checks % CHECKS_PER_CLOCK_READ === 0)
      this.#isLate = this.#cpuTime() - this.#start > this.#allowance;
    return this.#isLate;
  }
}

function cpuTimeOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
