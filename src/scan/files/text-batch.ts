/** Small texts that are searched together: they lie one after another in the engine's memory, from its beginning. */
import type { Detection } from '../detect/candidate.ts';
import { detectInTexts } from '../detect/detection.ts';
import { BATCH_BYTES, type Detector } from '../detect/detector.ts';
import type { TextBudget } from './work-budget.ts';

/** Maximum number of texts. Empty ones take no memory of the engine, but their names do. */
const MAX_TEXTS = 4096;

export interface TextBatchOptions<Id> {
  readonly detector: Detector;
  /** Limits the work on each text. */
  readonly budget: TextBudget;
  readonly onDetection: (text: Id, detection: Detection) => void;
  /** Called for a text that was not searched to its end. */
  readonly onTooSlow: (text: Id) => void;
}

export class TextBatch<Id> {
  readonly #options: TextBatchOptions<Id>;
  #ids: Id[] = [];
  #paths: string[] = [];
  #ends: number[] = [];

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
    if (end >= BATCH_BYTES || this.#ids.length === MAX_TEXTS) this.flush();
  }

  /** Searches the texts. */
  flush(): void {
    const { detector, budget, onDetection, onTooSlow } = this.#options;
    const [ids, paths, ends] = [this.#ids, this.#paths, this.#ends];
    if (ids.length === 0) return;
    [this.#ids, this.#paths, this.#ends] = [[], [], []];
    const with_ = (text: number, use: (id: Id) => void) => {
      const id = ids[text];
      if (id !== undefined) use(id);
    };
    const budgets = {
      budgetOf: (text: number) => {
        budget.begin((ends[text] ?? 0) - (ends[text - 1] ?? 0));
        return budget;
      },
      onStopped: (text: number) => with_(text, onTooSlow),
    };
    detectInTexts(
      detector,
      ends,
      paths,
      (detection, text) => with_(text, (id) => onDetection(id, detection)),
      budgets,
    );
  }
}
