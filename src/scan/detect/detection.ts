/**
 * From texts to detections: candidates are made of matches (`match-candidates.ts`), fingerprinted (`judging.ts`), located
 * (`locator.ts`), and reduced to one where several overlap (`overlap-resolver.ts`). Only this folder ever holds a secret, for the
 * length of one call.
 */
import {
  CONTEXT,
  type Match,
  type TextBudgets,
  type TextPart,
  type TextScan,
  type WorkBudget,
  bytesOf as bytesOfPart,
  drained,
} from '../engine/index.ts';
import type { Candidate, Detection, OnDetection } from './candidate.ts';
import { CustomSearch } from './custom-search.ts';
import type { Detector } from './detector.ts';
import { type FileContext, fileContext } from './judging.ts';
import { lineExceptions } from './line-exceptions.ts';
import { type BytesOf, Locator } from './locator.ts';
import { candidatesOf } from './match-candidates.ts';
import { OverlapResolver } from './overlap-resolver.ts';
import type { Position } from './position.ts';

/**
 * Scans whole texts that lie one after another in the engine's memory: text `i`, of the file `paths[i]`, ends
 * before `ends[i]`. Detections are reported text by text, in the order of their positions, after all texts have
 * been searched, so that handling them uses up no text's budget. A text without a match costs next to nothing here.
 * @param budgets as `Engine.scanTexts` takes them: what was found in a text before its budget was used up is
 *   reported
 */
export function detectInTexts(
  detector: Detector,
  ends: readonly number[],
  paths: readonly string[],
  onDetection: (detection: Detection, text: number) => void,
  budgets?: TextBudgets,
): void {
  const files = paths.map((path) => fileContext(detector, path));
  const requested = new Map<number, readonly number[]>();
  for (const [text, { patterns }] of files.entries()) {
    if (patterns.length > 0) requested.set(text, patterns);
  }
  const found = new Map<number, Candidate[]>();
  const searches = new Map<number, CustomSearch>();
  const searchOf = (text: number) => {
    const search = searches.get(text) ?? customSearch(detector, paths[text]);
    if (search !== undefined) searches.set(text, search);
    return search;
  };
  let budget: WorkBudget | undefined;
  const onMatch = (match: Match, text: number) => {
    const file = files[text];
    const owner = detector.owners[match.pattern];
    if (file === undefined || owner === undefined) return;
    if (owner.kind === 'custom') {
      searchOf(text)?.take(owner.keyword, match);
      return;
    }
    const candidates = candidatesOf(detector, file, owner, match);
    budget?.found(candidates.length);
    const before = found.get(text);
    if (before === undefined) found.set(text, candidates);
    else before.push(...candidates);
  };
  const current = budgets && { ...budgets, budgetOf: (text: number) => (budget = budgets.budgetOf(text)) };
  detector.engine.scanTexts(ends, onMatch, requested, current);
  // Reported only now: during the search, this work would be charged to the budget of the next text.
  for (const text of paths.keys()) {
    const bytes = detector.engine.memory.subarray(ends[text - 1] ?? 0, ends[text]);
    const candidates = found.get(text) ?? [];
    const customSearch = searchOf(text);
    searches.delete(text);
    found.delete(text);
    if (customSearch !== undefined) candidates.push(...drained(customSearch.finish(bytes)));
    if (candidates.length === 0) continue;
    const permits = lineExceptions(detector, paths[text] ?? '');
    const resolver = new OverlapResolver(detector.ranks, new Locator(detector), permits);
    resolver.add(candidates, bytes);
    resolver.finish((detection) => onDetection(detection, text));
  }
}

function customSearch(detector: Detector, path = ''): CustomSearch | undefined {
  const { customRules } = detector;
  return customRules && new CustomSearch(detector, customRules, path);
}

/** Steps charged for a custom rule in a chunk: enough to make the budget read the clock. */
const STEPS_PER_CUSTOM_RULE = 1 << 20;

/** Properties of a text that comes in chunks. */
export interface TextDetectionOptions {
  /** The file that contains it. */
  readonly path?: string;
  /** For a binary: the text is scanned with the patterns' binary variants, and located by bytes. */
  readonly bytesOf?: BytesOf;
  /** For a part of a text: the position from which lines and columns count. */
  readonly part?: TextPart | undefined;
  /** Limits the work on it. */
  readonly budget?: WorkBudget | undefined;
}

/** Scans a text, or a part of one, that comes in chunks. */
export class TextDetection {
  readonly #detector: Detector;
  readonly #file: FileContext;
  readonly #scan: TextScan;
  readonly #locator: Locator;
  readonly #resolver: OverlapResolver;
  readonly #customRules: CustomSearch | undefined;
  readonly #budget: WorkBudget | undefined;
  #isStopped = false;
  /** Matches that start before this offset of the next chunk have been found. */
  #from = 0;

  constructor(detector: Detector, { path = '', bytesOf, part, budget }: TextDetectionOptions = {}) {
    const { engine } = detector;
    this.#detector = detector;
    this.#budget = budget;
    this.#file = fileContext(detector, path);
    this.#scan = engine.open({
      requested: this.#file.patterns,
      isBinary: bytesOf !== undefined,
      part,
      budget,
    });
    const base = part === undefined ? 0 : bytesOfPart(part, engine).from;
    this.#locator = new Locator(detector, { bytesOf, from: part?.from ?? 0, base });
    this.#resolver = new OverlapResolver(detector.ranks, this.#locator, lineExceptions(detector, path));
    this.#customRules = customSearch(detector, path);
  }

  /**
   * Scans the next chunk, as `TextScan.scan` does. Detections are reported in the order of their positions.
   * @returns how many bytes must come again at the beginning of the next chunk.
   */
  next(end: number, isLast: boolean, onDetection: OnDetection): number {
    return drained(this.steps(end, isLast, onDetection));
  }

  /** True when the budget was used up: the rest of the text will not be scanned. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Like `next`, in steps between which other work can be done. */
  *steps(end: number, isLast: boolean, onDetection: OnDetection): Generator<void, number, void> {
    const candidates: Candidate[] = [];
    const { engine } = this.#detector;
    const customRules = this.#customRules;
    const kept = yield* this.#scan.steps(end, isLast, (match) => {
      const owner = this.#detector.owners[match.pattern];
      if (owner?.kind === 'custom') customRules?.take(owner.keyword, match);
      else if (owner !== undefined) {
        const found = candidatesOf(this.#detector, this.#file, owner, match);
        this.#budget?.found(found.length);
        candidates.push(...found);
      }
    });
    this.#isStopped = this.#scan.isStopped;
    if (customRules !== undefined && !this.#isStopped) {
      const limit = isLast ? end : Math.max(0, end - engine.reach + CONTEXT);
      const steps = customRules.finish(engine.memory.subarray(0, end), this.#from, limit, end - kept);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) {
        yield;
        if (this.#budget?.spend(STEPS_PER_CUSTOM_RULE) === true) this.#isStopped = true;
        if (this.#isStopped) break;
      }
      if (step.done === true) candidates.push(...step.value);
      this.#from = limit - (end - kept);
    }
    const bytes = engine.memory.subarray(0, end);
    if (isLast || this.#isStopped) {
      this.#resolver.add(candidates, bytes);
      this.#resolver.finish(onDetection);
    } else {
      this.#resolver.add(candidates, bytes, end - kept);
      this.#resolver.leave(end - kept, onDetection);
    }
    return kept;
  }

  /** The position of this offset of the text, which is in the last chunk. Call it once, after the last chunk. */
  positionOf(offset: number): Position {
    return this.#locator.positionOf(offset);
  }
}

/** True when some rule applies only to files like this one, or there are custom rules, which may match any path. */
export function hasRulesOfItsOwn(detector: Detector, path: string): boolean {
  return detector.customRules !== undefined || fileContext(detector, path).patterns.length > 0;
}
