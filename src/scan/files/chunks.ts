/**
 * Texts of more than one chunk: read into the engine's memory and scanned there, chunk by chunk, yielding in
 * between.
 */
import type { FileSystem } from '../../host/platform/index.ts';
import type { Detector } from '../detect/detector.ts';
import type { OnDetection } from '../detect/candidate.ts';
import type { TextDetection } from '../detect/detection.ts';
import type { TextPart } from '../engine/index.ts';
import type { TextBudget } from './work-budget.ts';
import type { GapReason } from '../model/coverage.ts';
import type { Scheduler } from './scheduler.ts';

export interface ChunkSource {
  /** Awaited before each `fill`: for what does not come from a file. */
  prepare?(): Promise<void>;
  /**
   * Reads on into `target` from `offset`, until it is full or the text ends. @returns where the text now ends
   * in `target`
   */
  fill(target: Buffer, offset: number): number;
  /** True when there is nothing more to read. */
  readonly isAtEnd: boolean;
}

export interface ChunksOptions {
  readonly detector: Detector;
  readonly source: ChunkSource;
  readonly text: Pick<TextDetection, 'steps' | 'isStopped'>;
  /** The text's budget, already started. */
  readonly budget: TextBudget;
  readonly scheduler: Scheduler;
  readonly onDetection: OnDetection;
}

/**
 * Scans a text, whose first `length` bytes are already in the memory.
 * @returns why it stopped before the text's end; undefined when it did not
 */
export async function examineInChunks(options: ChunksOptions, length: number): Promise<EarlyEnd | undefined> {
  const { detector, source, text, scheduler, budget } = options;
  const { memory } = detector.engine;
  // It may pass on what was found in the previous file, which is not work on this text.
  const onDetection: OnDetection = (detection) => {
    budget.pause();
    options.onDetection(detection);
    budget.resume();
  };
  for (let end = length, kept = 0; ;) {
    budget.pause();
    if (!source.isAtEnd && source.prepare !== undefined) {
      await source.prepare();
      if (scheduler.isCancelled) return 'stopped-early';
    }
    if (!source.isAtEnd) end = source.fill(memory, end);
    budget.add(end - kept);
    budget.resume();
    const steps = text.steps(end, source.isAtEnd, onDetection);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) {
      if (!scheduler.isYieldDue) continue;
      budget.pause();
      await scheduler.yieldNow();
      budget.resume();
      // The rest of the chunk is not scanned.
      if (scheduler.isCancelled) {
        steps.return(0);
        return 'stopped-early';
      }
    }
    kept = step.value;
    memory.copyWithin(0, end - kept, end);
    end = kept;
    budget.pause();
    // At the end too: in a folder of many small binaries, this is the only place that yields.
    if (scheduler.isYieldDue) await scheduler.yieldNow();
    budget.resume();
    if (text.isStopped) return 'too-slow';
    if (source.isAtEnd) return undefined;
    if (scheduler.isCancelled) return 'stopped-early';
  }
}

export type EarlyEnd = Extract<GapReason, 'stopped-early' | 'too-slow'>;

/** A range of a file, all of which must exist. Does not own a file descriptor. */
export class PartSource implements ChunkSource {
  readonly #fs: FileSystem;
  readonly #descriptor: number;
  readonly #to: number;
  readonly #portion: number;
  /** Where the next read begins, in the file. */
  position: number;

  /** @param portion maximum number of bytes that are read at a time */
  constructor(fs: FileSystem, descriptor: number, { from, to }: TextPart, portion: number) {
    this.#fs = fs;
    this.#descriptor = descriptor;
    this.position = from;
    this.#to = to;
    this.#portion = portion;
  }

  get isAtEnd(): boolean {
    return this.position >= this.#to;
  }

  /** @throws Error when the file has become shorter. */
  fill(target: Buffer, offset: number): number {
    const length = Math.min(target.length - offset, this.#to - this.position, this.#portion);
    const count = this.#fs.read(this.#descriptor, target, offset, length, this.position);
    this.position += count;
    if (count < length) throw new Error('the file became shorter while it was read');
    return offset + count;
  }
}
