/**
 * Counts the files of a scan ahead of it, for a person who wants to know how much is left: a walk that opens no file,
 * in short steps. It costs some hundredths of the scan, so it is only for long ones.
 */
import { CoverageRecorder } from '../model/coverage.ts';
import {
  type Root,
  SeparateFolders,
  type WaitingWork,
  type WalkOptions,
  type WalkStep,
  enter,
  walk,
} from '../walk/index.ts';
import { OwnWork } from './own-work.ts';

/** Milliseconds of one step. */
const STEP_MS = 60;

export type FileCountOptions = Pick<
  WalkOptions,
  'platform' | 'mounts' | 'excludes' | 'shard' | 'isCancelled'
> & { readonly roots: readonly Root[] };

export class FileCount {
  readonly #options: FileCountOptions;
  readonly #steps: Generator<WalkStep, void, undefined>;
  #count = 0;
  #isComplete = false;

  constructor(options: FileCountOptions) {
    this.#options = options;
    this.#steps = stepsOf(options);
  }

  /** Counts for a few milliseconds. @returns the number of files once all are counted; undefined before */
  advance(): number | undefined {
    const { clock } = this.#options.platform;
    const end = clock.monotonic() + STEP_MS;
    while (!this.#isComplete && clock.monotonic() < end) {
      const { value, done = false } = this.#steps.next();
      this.#isComplete = done;
      if (value?.kind === 'file') this.#count += 1;
    }
    // A walk that was cut short has not seen all of them.
    return this.#isComplete && !this.#options.isCancelled() ? this.#count : undefined;
  }

  /** Closes the folder that is open. */
  close(): void {
    this.#steps.return();
    this.#isComplete = true;
  }
}

function* stepsOf({ roots, ...options }: FileCountOptions): Generator<WalkStep, void, undefined> {
  const waiting = new Waiting();
  const walkOptions = {
    ...options,
    // The scan itself says what is skipped and what cannot be read.
    coverage: new CoverageRecorder(
      () => undefined,
      () => '',
    ),
    memory: undefined,
    visitedSeparately: SeparateFolders.of([]),
    onUnfinished: () => undefined,
  };
  yield* enter(roots, waiting, walkOptions);
  yield* walk(waiting, walkOptions);
}

/** The pending folders of one thread. */
class Waiting extends OwnWork implements WaitingWork {
  done(): void {
    // Nothing is in progress between two steps.
  }

  get isFinished(): boolean {
    return this.length === 0;
  }
}
