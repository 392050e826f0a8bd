/** RE2 expressions, which take linear time on every text, over bytes of UTF-8. */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { type Reach, reachOf } from './locality.ts';

/** Offsets in bytes: the whole match, and the secret in it. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly secretStart: number;
  readonly secretEnd: number;
}

/** Where keywords were found in a text. */
export interface Occurrence {
  readonly start: number;
  readonly end: number;
}

/** @throws Error that names the kind of mistake, without quoting the expression */
export function compile(regex: string): RE2JS {
  let mistake: string;
  try {
    return RE2JS.compile(regex);
  } catch (error) {
    mistake =
      error instanceof RE2JSSyntaxException ? error.getDescription() : 'it is not a regular expression';
  }
  throw new Error(mistake);
}

/** Maximum number of times that a byte may be scanned to find the keywords that have a match. */
const MAX_OVERLAPPING = 16;

/** The expression of a rule, with the data that limits where it runs. */
export class SecretExpression {
  readonly #expression: RE2JS;
  readonly #secretGroup: number;
  readonly #keywords: readonly string[];
  /** Computed on first use, since it takes as long as compiling. */
  #reach: Reach | undefined | 'unknown' = 'unknown';

  /** @throws Error for an expression that RE2 does not support, or a group that does not exist */
  constructor(regex: string, secretGroup: number, keywords: readonly string[]) {
    this.#expression = compile(regex);
    this.#secretGroup = secretGroup;
    this.#keywords = keywords;
    const groups = this.#expression.groupCount();
    if (secretGroup > groups)
      throw new Error(`secretGroup is ${secretGroup}, and the regex has ${groups} groups`);
  }

  /**
   * The matches from left to right, without overlaps, that begin at `from` or later.
   * @param occurrences of the keywords, by position; a match that cannot contain one is not searched for
   */
  *matches(bytes: Uint8Array, from: number, occurrences: readonly Occurrence[]): Generator<Found> {
    let next = from;
    for (const window of this.#windows(bytes, occurrences)) {
      if (window.end <= next) continue;
      const start = Math.max(window.start, next);
      const origin = originOf(bytes, start);
      const matcher = this.#expression.matcher(bytes.subarray(origin, window.end));
      for (let is = matcher.find(start - origin); is; is = matcher.find()) {
        next = origin + matcher.end();
        const group = this.#groupOf(matcher);
        const secretStart = matcher.start(group);
        const secretEnd = matcher.end(group);
        if (secretEnd <= secretStart) continue;
        yield {
          start: origin + matcher.start(),
          end: origin + matcher.end(),
          secretStart: origin + secretStart,
          secretEnd: origin + secretEnd,
        };
      }
    }
  }

  #groupOf(matcher: ReturnType<RE2JS['matcher']>): number {
    if (this.#secretGroup > 0) return this.#secretGroup;
    for (let group = 1; group <= matcher.groupCount(); group += 1) {
      if (matcher.end(group) > matcher.start(group)) return group;
    }
    return 0;
  }

  /** The places where matches may be: anywhere in the whole text, or within reach of some keywords. */
  #windows(bytes: Uint8Array, occurrences: readonly Occurrence[]): readonly Occurrence[] {
    const whole = [{ start: 0, end: bytes.length }];
    if (occurrences.length === 0) return this.#matching(bytes, whole);
    if (this.#reach === 'unknown') this.#reach = reachOf(this.#expression, this.#keywords);
    if (this.#reach === undefined) return this.#matching(bytes, whole);
    const windows = windowsAround(bytes, occurrences, this.#reach);
    const matching = this.#matching(bytes, joined(windows));
    if (matching.length === 0) return matching;
    // Testing for a match is fast, locating it is slow: testing each keyword separately pays off, unless their
    // windows overlap so much that it would take more than linear time.
    let at = 0;
    const within = windows.filter(({ end }) => {
      while (at < matching.length && (matching[at]?.end ?? 0) < end) at += 1;
      return (matching[at]?.start ?? Infinity) < end;
    });
    if (lengthOf(within) > MAX_OVERLAPPING * lengthOf(matching)) return matching;
    return joined(this.#matching(bytes, within));
  }

  #matching(bytes: Uint8Array, windows: readonly Occurrence[]): readonly Occurrence[] {
    return windows.filter(({ start, end }) =>
      this.#expression.test(bytes.subarray(originOf(bytes, start), end)),
    );
  }
}

function lengthOf(windows: readonly Occurrence[]): number {
  return windows.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Merges windows that touch. They arrive in the order of their ends. */
function joined(windows: readonly Occurrence[]): Occurrence[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of windows) {
    const last = all.at(-1);
    if (last !== undefined && start <= last.end) {
      last.start = Math.min(last.start, start);
      last.end = end;
    } else all.push({ start, end });
  }
  return all;
}

/** The window around each keyword, in order of position. Takes linear time, however close they are. */
function windowsAround(
  bytes: Uint8Array,
  occurrences: readonly Occurrence[],
  { before, after, free }: Reach,
): Occurrence[] {
  /** From one keyword's beginning to `end`: the number of bytes that are not free. */
  let counted = 0;
  let from = 0;
  let end = 0;
  return occurrences.map((occurrence) => {
    for (; from < Math.min(end, occurrence.start); from += 1) counted -= isFree(from) ? 0 : 1;
    from = occurrence.start;
    end = Math.max(end, from);
    // One more character, so that an expression that only matches at the end of a text does not match here.
    const most = occurrence.end - from + after + 4;
    for (; end < bytes.length && counted < most; end += 1) counted += isFree(end) ? 0 : 1;
    return { start: beginOfCharacter(bytes, Math.max(0, occurrence.end - before)), end };
  });

  function isFree(at: number): boolean {
    return free[bytes[at] ?? 0] === 1;
  }
}

/** Whether a word or a line begins at a place depends on what precedes it. */
function originOf(bytes: Uint8Array, start: number): number {
  return Math.max(0, beginOfCharacter(bytes, start - 1));
}

/** The start of the UTF-8 character that contains a byte. */
function beginOfCharacter(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
