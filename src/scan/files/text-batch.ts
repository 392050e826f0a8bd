/** Small texts that are searched together: they lie one after another in the engine's memory, from its beginning. */
import type { Detection } from '../detect/candidate.ts';
import { detectInTexts } from '../detect/detection.ts';
import { BATCH_BYTES, type Detector } from '../detect/detector.ts';
import type { TextBudget } from './work-budget.ts';

/** Maximum number of texts. Empty ones take no memory of the engine, but their paths do. */
const MAX_TEXTS = 4096;
/** Maximum total length of their paths, in characters. */
const MAX_PATH_CHARS = 256 * 1024;

export interface TextBatchOptions<Id> {
  readonly detector: Detector;
  /** Limits the work on each text. */
  readonly budget: TextBudget;
  readonly onDetection: (text: Id, detection: Detection) => void;
  /** Called for each text after its detections, in the order in which they were added. @param isSlow it was not searched to its end */
  readonly onEnd: (text: Id, isSlow: boolean) => void;
}

export class TextBatch<Id> {
  readonly #options: TextBatchOptions<Id>;
  #ids: Id[] = [];
  #paths: string[] = [];
  #ends: number[] = [];
  #pathChars = 0;

  constructor(options: TextBatchOptions<Id>) {
    this.#options = options;
  }

  /** Where the next text begins in the memory. */
  get end(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** Adds the text that lies between the last one and `end`. @param path for rules that depend on names */
  add(id: Id, path: string, end: number): void {
    this.#ids.push(id);
    this.#paths.push(path);
    this.#ends.push(end);
    this.#pathChars += path.length;
    const isFull = this.#ids.length === MAX_TEXTS || this.#pathChars >= MAX_PATH_CHARS;
    if (end >= BATCH_BYTES || isFull) this.flush();
  }

  /** Searches the texts. */
  flush(): void {
    const { detector, budget, onDetection, onEnd } = this.#options;
    const [ids, paths, ends] = [this.#ids, this.#paths, this.#ends];
    if (ids.length === 0) return;
    [this.#ids, this.#paths, this.#ends] = [[], [], []];
    this.#pathChars = 0;
    const slow = new Set<number>();
    const budgets = {
      budgetOf: (text: number) => {
        budget.begin((ends[text] ?? 0) - (ends[text - 1] ?? 0));
        return budget;
      },
      onStopped: (text: number) => void slow.add(text),
    };
    const waiting = ids.entries();
    let next = waiting.next();
    const endBefore = (text: number) => {
      for (; next.done !== true && next.value[0] < text; next = waiting.next()) {
        const [ended, id] = next.value;
        onEnd(id, slow.has(ended));
      }
    };
    const report = (detection: Detection, text: number) => {
      endBefore(text);
      if (next.done !== true) onDetection(next.value[1], detection);
    };
    detectInTexts(detector, ends, paths, report, budgets);
    endBefore(ids.length);
  }
}
