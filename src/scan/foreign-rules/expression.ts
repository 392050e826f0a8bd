/** Expressions of RE2, which take linear time whatever the text is, over bytes of UTF-8. */
import { RE2JS } from 're2js';
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

/** @throws Error that says what RE2 does not know in it. */
export function compile(regex: string): RE2JS {
  return RE2JS.compile(regex);
}

/** The expression of a rule, with what it needs to run in few places. */
export class SecretExpression {
  readonly #expression: RE2JS;
  readonly #secretGroup: number;
  readonly #keywords: readonly string[];
  /** Unknown until it is asked for, since working it out takes as long as compiling. */
  #reach: Reach | undefined | 'unknown' = 'unknown';

  /** @throws Error for what RE2 does not know, or a group that there is not. */
  constructor(regex: string, secretGroup: number, keywords: readonly string[]) {
    this.#expression = compile(regex);
    this.#secretGroup = secretGroup;
    this.#keywords = keywords;
    const groups = this.#expression.groupCount();
    if (secretGroup > groups)
      throw new Error(`secretGroup is ${secretGroup}, and the regex has ${groups} groups`);
  }

  /**
   * The matches from left to right, none over another, that begin at `from` or later.
   * @param occurrences of the keywords, by place; a match that cannot hold one is not looked for
   */
  *matches(bytes: Uint8Array, from: number, occurrences: readonly Occurrence[]): Generator<Found> {
    let next = from;
    for (const window of this.#windows(bytes, occurrences)) {
      if (window.end <= next) continue;
      const start = Math.max(window.start, next);
      // What stands before decides whether a word or a line begins here.
      const origin = Math.max(0, beginOfCharacter(bytes, start - 1));
      const text = bytes.subarray(origin, window.end);
      if (!this.#expression.test(text)) continue;
      const matcher = this.#expression.matcher(text);
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

  /** Where matches can be: the whole text, or what is within a match's length of a keyword. */
  #windows(bytes: Uint8Array, occurrences: readonly Occurrence[]): readonly Occurrence[] {
    const whole = [{ start: 0, end: bytes.length }];
    if (occurrences.length === 0) return whole;
    if (this.#reach === 'unknown') this.#reach = reachOf(this.#expression, this.#keywords);
    return this.#reach === undefined ? whole : windowsAround(bytes, occurrences, this.#reach);
  }
}

/** What is within reach of the keywords, which come by place; what touches is joined. Linear, however near they are. */
function windowsAround(
  bytes: Uint8Array,
  occurrences: readonly Occurrence[],
  { before, after, free }: Reach,
): Occurrence[] {
  const windows: { start: number; end: number }[] = [];
  /** From one keyword's beginning to `end`: the bytes that are not free. */
  let counted = 0;
  let from = 0;
  let end = 0;
  for (const occurrence of occurrences) {
    for (; from < Math.min(end, occurrence.start); from += 1) counted -= isFree(from) ? 0 : 1;
    from = occurrence.start;
    end = Math.max(end, from);
    // One character more, so that what only the end of a text matches does not match here.
    const most = occurrence.end - from + after + 4;
    for (; end < bytes.length && counted < most; end += 1) counted += isFree(end) ? 0 : 1;
    const start = beginOfCharacter(bytes, Math.max(0, occurrence.end - before));
    const last = windows.at(-1);
    if (last !== undefined && start <= last.end) {
      last.start = Math.min(last.start, start);
      last.end = end;
    } else windows.push({ start, end });
  }
  return windows;

  function isFree(at: number): boolean {
    return free[bytes[at] ?? 0] === 1;
  }
}

/** Where the character of UTF-8 begins that a byte is part of. */
function beginOfCharacter(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
