/**
 * From texts to what is reported of them: matches are judged by their rule's validator, fingerprinted, given their place,
 * and reduced to the most specific one where several lie over each other. This is the only place that holds a secret, and
 * it does so for the length of one call.
 */
import type { ByteRange } from '../model/finding.ts';
import { type Candidate, type Detection, type OnDetection, fingerprintOf } from './candidate.ts';
import {
  CONTEXT,
  type Groups,
  type Match,
  type TextPart,
  type TextScan,
  type WorkBudget,
  type TextBudgets,
  bytesOf as bytesOfPart,
  drained,
} from '../engine/index.ts';
import { CustomSearch } from './custom-search.ts';
import type { Detector } from './detector.ts';
import { inlineMarker } from './inline-marker.ts';
import { type Position, PositionCounter } from './position.ts';
import {
  type BuiltInOwner,
  type Encoding,
  type Rule,
  isAmongExamples,
  isOfKind,
  nameBefore,
  placeOf,
  rulePath,
} from '../rules/index.ts';
import { encodedIn, followingMatchesIn, matchesIn } from './short-text.ts';

/** For a binary: which bytes of the file a part of the text is, by its offsets in the text. */
export type BytesOf = (start: number, end: number) => ByteRange;

interface LocatedCandidate {
  readonly candidate: Candidate;
  readonly detection: Detection;
  /** A more specific rule has found something over it. */
  shadowed: boolean;
}

/** The file that a text stands in, as rules see it. */
interface File {
  readonly path: string;
  /** The rules that are meant for files like this one. */
  readonly rules: readonly number[];
}

/**
 * Examines whole texts that lie one behind the other in the engine's memory: text `i`, of the file `paths[i]`, ends before
 * `ends[i]`. Detections come text by text, in the order of their places, once all texts have been searched: what is done with
 * them takes nothing of any text's budget. A text without a match costs next to nothing here.
 * @param budgets as `Engine.scanTexts` takes them: what was found in a text before its budget was spent is reported
 */
export function detectInTexts(
  detector: Detector,
  ends: readonly number[],
  paths: readonly string[],
  onDetection: (detection: Detection, text: number) => void,
  budgets?: TextBudgets,
): void {
  const files = paths.map((path) => fileOf(detector, path));
  const requested = new Map<number, readonly number[]>();
  for (const [text, { rules }] of files.entries()) if (rules.length > 0) requested.set(text, rules);
  const found = new Map<number, Candidate[]>();
  const searches = new Map<number, CustomSearch>();
  const searchOf = (text: number) => {
    const search = searches.get(text) ?? customSearch(detector, paths[text]);
    if (search !== undefined) searches.set(text, search);
    return search;
  };
  const onMatch = (match: Match, text: number) => {
    const file = files[text];
    const owner = detector.owners[match.pattern];
    if (file === undefined || owner === undefined) return;
    if (owner.kind === 'custom') {
      searchOf(text)?.take(owner.keyword, match);
      return;
    }
    const judged = judge(detector, file, owner, match);
    const before = found.get(text);
    if (before === undefined) found.set(text, judged);
    else before.push(...judged);
  };
  detector.engine.scanTexts(ends, onMatch, requested, budgets);
  // Reported only now: within the search, this work would be charged to the budget of the text that comes next.
  for (const text of paths.keys()) {
    const bytes = detector.engine.memory.subarray(ends[text - 1] ?? 0, ends[text]);
    const candidates = found.get(text) ?? [];
    const customSearch = searchOf(text);
    searches.delete(text);
    found.delete(text);
    if (customSearch !== undefined) candidates.push(...drained(customSearch.finish(bytes)));
    if (candidates.length === 0) continue;
    const report = new OverlapResolver(detector);
    report.add(candidates, bytes);
    report.finish((detection) => onDetection(detection, text));
  }
}

function customSearch(detector: Detector, path = ''): CustomSearch | undefined {
  const { customRules } = detector;
  return customRules && new CustomSearch(detector, customRules, path);
}

/** What a custom rule costs in a chunk: enough that the budget looks at the clock. */
const STEPS_OF_A_RULE = 1 << 20;

/** What is known of a text that comes in chunks. */
export interface TextDetectionOptions {
  /** Of the file that it stands in. */
  readonly path?: string;
  /** For a binary: the text is scanned as a loose one, and placed by bytes. */
  readonly bytesOf?: BytesOf;
  /** For a part of a text: lines and columns count from its beginning. */
  readonly part?: TextPart | undefined;
  /** Of the work on it. */
  readonly budget?: WorkBudget | undefined;
}

/** Examines one text, or a part of one, that comes in chunks. */
export class TextDetection {
  readonly #detector: Detector;
  readonly #file: File;
  readonly #scan: TextScan;
  readonly #report: OverlapResolver;
  readonly #customRules: CustomSearch | undefined;
  readonly #budget: WorkBudget | undefined;
  #isStopped = false;
  /** What starts before this offset of the next chunk has been found. */
  #from = 0;

  constructor(detector: Detector, { path = '', bytesOf, part, budget }: TextDetectionOptions = {}) {
    const { engine } = detector;
    this.#detector = detector;
    this.#budget = budget;
    this.#file = fileOf(detector, path);
    this.#scan = engine.open({ requested: this.#file.rules, isLoose: bytesOf !== undefined, part, budget });
    const base = part === undefined ? 0 : bytesOfPart(part, engine).from;
    this.#report = new OverlapResolver(detector, { bytesOf, from: part?.from ?? 0, base });
    this.#customRules = customSearch(detector, path);
  }

  /**
   * Examines the next chunk, as `TextScan.scan` does. Detections come in the order of their places.
   * @returns how many bytes must come again at the beginning of the next chunk.
   */
  next(end: number, isLast: boolean, onDetection: OnDetection): number {
    return drained(this.steps(end, isLast, onDetection));
  }

  /** True when the budget was spent: the rest of the text will not be scanned. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** As `next`, in steps between which other work can be done. */
  *steps(end: number, isLast: boolean, onDetection: OnDetection): Generator<void, number, void> {
    const candidates: Candidate[] = [];
    const { engine } = this.#detector;
    const customRules = this.#customRules;
    const kept = yield* this.#scan.steps(end, isLast, (match) => {
      const owner = this.#detector.owners[match.pattern];
      if (owner?.kind === 'custom') customRules?.take(owner.keyword, match);
      else if (owner !== undefined) candidates.push(...judge(this.#detector, this.#file, owner, match));
    });
    this.#isStopped = this.#scan.isStopped;
    if (customRules !== undefined && !this.#isStopped) {
      const limit = isLast ? end : Math.max(0, end - engine.reach + CONTEXT);
      const steps = customRules.finish(engine.memory.subarray(0, end), this.#from, limit, end - kept);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) {
        yield;
        if (this.#budget?.spend(STEPS_OF_A_RULE) === true) this.#isStopped = true;
        if (this.#isStopped) break;
      }
      if (step.done === true) candidates.push(...step.value);
      this.#from = limit - (end - kept);
    }
    if (isLast || this.#isStopped) {
      this.#report.add(candidates, engine.memory);
      this.#report.finish(onDetection);
    } else {
      this.#report.add(candidates, engine.memory, end - kept);
      this.#report.leave(end - kept, onDetection);
    }
    return kept;
  }

  /** The position of this offset of the text, which is in the last chunk. To be asked once, when there is no more. */
  positionOf(offset: number): Position {
    return this.#report.positionOf(offset);
  }
}

/** Is some rule meant for files like this one alone, or is there a custom one, which may match anywhere? */
export function hasRulesOfItsOwn(detector: Detector, path: string): boolean {
  return detector.customRules !== undefined || fileOf(detector, path).rules.length > 0;
}

function fileOf({ fileRules }: Detector, systemPath: string): File {
  const path = rulePath(systemPath);
  return { path, rules: fileRules.of(path) };
}

/** What a match comes to: at most one candidate for a rule's, any number for what is encoded. */
function judge(detector: Detector, file: File, owner: BuiltInOwner, match: Match): Candidate[] {
  const { pattern, secret, groups } = match;
  if (owner.kind === 'encoding') {
    return candidatesWithin(detector, file, owner.encoding, secret, match.start, 1);
  }
  const { index, rule } = owner;
  if (rule.files !== undefined && !file.rules.includes(pattern)) return [];
  const judged = judgedBy(detector, file, rule, secret, groups, match.before);
  const candidates =
    judged === undefined ? [] : [{ rule: index, start: match.start, end: match.end, ...judged }];
  return rule.isTrigger === true ? [...candidates, ...contextualMatches(detector, file, match)] : candidates;
}

/** Values without a digit that are shorter are words. */
const LONGEST_WORD = 16;

/** What the vendors' names beside a match make of the same value. */
function contextualMatches(detector: Detector, file: File, match: Match): Candidate[] {
  const { whole, secret, groups } = match;
  const { before, front } = nameBefore(match.before);
  const { word = '', operator = '' } = groups;
  if (!/[0-9]/.test(secret)) {
    // No vendor's value is a word. Nor do words of a sentence tell, unless the name is an option or stands in capitals:
    // `--vendor-token VALUE`, `ENV VENDOR_KEY VALUE`.
    if (secret.length < LONGEST_WORD) return [];
    if (operator.trim() === '' && !front.startsWith('-') && word !== word.toUpperCase()) return [];
  }
  const text = before + whole.text;
  const origin = whole.from - before.length;
  const value = { start: match.start - origin, end: match.end - origin };
  return followingMatchesIn(text, value).flatMap(
    ({ index, rule, start: from, end: to, groups: its, before: itsBefore }): Candidate[] => {
      if (to <= value.start || from >= value.end) return [];
      if (rule.files !== undefined && !isOfKind(rule.files, file.path)) return [];
      const judged = judgedBy(detector, file, rule, text.slice(from, to), its, itsBefore);
      return judged === undefined ? [] : [{ rule: index, start: origin + from, end: origin + to, ...judged }];
    },
  );
}

function judgedBy(
  { key, now }: Detector,
  { path }: File,
  rule: Rule,
  secret: string,
  groups: Groups,
  before: string,
): Omit<Candidate, 'rule' | 'start' | 'end'> | undefined {
  const verdict = rule.validate(secret, { now, path, groups, before });
  if (!verdict.ok) return undefined;
  const { severity = rule.severity, confidence = rule.confidence ?? 'high', evidence, isSample } = verdict;
  if (isSample === true && isAmongExamples(path)) return undefined;
  // Everybody has what a package manager installs: a sample or a guess in there is no news to anybody.
  if (confidence === 'low' && placeOf(path) === 'public') return undefined;
  return { severity, confidence, evidence, fingerprint: fingerprintOf(key, secret) };
}

/** How deep encodings within encodings are followed. */
const DEEPEST = 3;

/** What is found in an encoded text that begins at `origin`, placed there. */
function candidatesWithin(
  detector: Detector,
  file: File,
  encoding: Encoding,
  encoded: string,
  origin: number,
  depth: number,
): Candidate[] {
  const decoded = encoding.decode(encoded);
  if (decoded === undefined) return [];
  const { text, offsetOf } = decoded;
  const placed = (from: number, to: number) => ({
    start: origin + offsetOf(from),
    end: origin + offsetOf(to),
  });
  const candidates = matchesIn(text).flatMap(({ index, rule, start, end, groups, before }): Candidate[] => {
    const judged = judgedBy(detector, file, rule, text.slice(start, end), groups, before);
    if (judged === undefined) return [];
    return [
      {
        rule: index,
        ...placed(start, end),
        ...judged,
        isEncoded: true,
        evidence: [...judged.evidence, encoding.name],
      },
    ];
  });
  if (depth === DEEPEST) return candidates;
  for (const { encoding: inner, start, text: within } of encodedIn(text)) {
    for (const candidate of candidatesWithin(detector, file, inner, within, start, depth + 1)) {
      const evidence = [...candidate.evidence, encoding.name];
      candidates.push({ ...candidate, ...placed(candidate.start, candidate.end), evidence });
    }
  }
  return candidates;
}

/** Bytes on the way to a position from which on it pays to call what counts sixteen of them at a time. */
const FAR = 256;

/** What is reported of one text. */
class OverlapResolver {
  readonly #detector: Detector;
  readonly #bytesOf: BytesOf | undefined;
  readonly #positions: PositionCounter;
  /** What the next chunk begins with. */
  #late: Candidate[] = [];
  /** By place: what is not reported yet, since a match that is still to come may lie over it. */
  #queue: LocatedCandidate[] = [];
  /** Those that reach beyond the start of the latest one: at most one per rule. */
  #open: LocatedCandidate[] = [];
  /** Where the chunk begins in the text. */
  #base: number;

  /**
   * @param from where positions begin to count
   * @param base where the first chunk begins in the text
   */
  constructor(
    detector: Detector,
    {
      bytesOf,
      from = 0,
      base = 0,
    }: { readonly bytesOf?: BytesOf | undefined; readonly from?: number; readonly base?: number } = {},
  ) {
    this.#detector = detector;
    this.#bytesOf = bytesOf;
    this.#positions = new PositionCounter(from);
    this.#base = base;
  }

  /**
   * Takes what was found in a chunk, whose first byte is the first of `bytes`. A later chunk may have something before a
   * secret that does not begin within the first `length` bytes: it waits for that.
   */
  add(candidates: readonly Candidate[], bytes: Buffer, length = Infinity): void {
    if (this.#base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.#positions.skip(3);
    }
    const sorted = [...this.#late, ...candidates].sort(
      (a, b) => a.start - b.start || this.#rank(a) - this.#rank(b),
    );
    const isLate = ({ start }: Candidate) => start >= this.#base + length;
    this.#late = sorted.filter(isLate);
    for (const candidate of sorted) {
      if (isLate(candidate)) break;
      this.#cover({ candidate, detection: this.#place(candidate, bytes), shadowed: false });
    }
  }

  /** Leaves the first `length` bytes of the chunk, in the engine's memory, behind: what is found later starts after them. */
  leave(length: number, onDetection: OnDetection): void {
    const settled = this.#base + length;
    this.#release(settled, onDetection);
    if (this.#bytesOf === undefined) this.positionOf(settled);
    this.#base = settled;
  }

  /** Counts up to an offset of the chunk, in the engine's memory. */
  positionOf(offset: number): Position {
    return this.#moveTo(offset, this.#detector.engine.memory);
  }

  /** Reports the rest. */
  finish(onDetection: OnDetection): void {
    this.#release(Infinity, onDetection);
  }

  /** @param bytes a part of the engine's memory: the chunk */
  #moveTo(offset: number, bytes: Buffer): Position {
    const { engine } = this.#detector;
    const origin = bytes.byteOffset - engine.memory.byteOffset;
    if (offset - this.#positions.offset >= FAR) {
      this.#positions.skipTo(offset, bytes, this.#base, (what, start, end) =>
        engine.count(what, origin + start, origin + end),
      );
    }
    return this.#positions.moveTo(offset, bytes, this.#base);
  }

  #place({ rule, start, end, ...judged }: Candidate, bytes: Buffer): Detection {
    const { id = '', title = '' } = this.#detector.descriptions[rule] ?? {};
    const range = this.#bytesOf?.(start, end);
    if (range !== undefined) {
      const column = range.offset + 1;
      const place = { line: 1, column, endLine: 1, endColumn: column + range.length, bytes: range };
      return { rule: id, title, ...judged, ...place };
    }
    const { line, column } = this.#moveTo(start, bytes);
    const after = this.#positions.fork().moveTo(end, bytes, this.#base);
    const place = { line, column, endLine: after.line, endColumn: after.column };
    const marker = inlineMarker(bytes, start - this.#base, end - this.#base);
    return { rule: id, title, ...judged, ...place, ...(marker !== undefined && { marker }) };
  }

  #rank({ rule, isEncoded, isAllowed }: Candidate): number {
    // What is let pass covers nothing that is not.
    const { ranks } = this.#detector;
    const later = Number(isEncoded === true) + 2 * Number(isAllowed === true);
    return (ranks[rule] ?? 0) + later * ranks.length;
  }

  /** Adds the next one by place. Of two that lie over each other, the one of the later rule is shadowed. */
  #cover(next: LocatedCandidate): void {
    const { start } = next.candidate;
    const rank = this.#rank(next.candidate);
    this.#open = this.#open.filter(({ candidate }) => candidate.end > start);
    for (const other of this.#open) {
      if (this.#rank(other.candidate) < rank) next.shadowed = true;
      else other.shadowed = true;
    }
    this.#open.push(next);
    this.#queue.push(next);
  }

  /** Reports, in order, what no match that starts at `settled` or later can lie over. */
  #release(settled: number, onDetection: OnDetection): void {
    let count = this.#queue.findIndex(({ candidate }) => candidate.end > settled);
    if (count < 0) count = this.#queue.length;
    for (const { detection, shadowed } of this.#queue.splice(0, count)) if (!shadowed) onDetection(detection);
  }
}
