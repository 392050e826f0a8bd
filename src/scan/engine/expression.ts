/**
 * Patterns prepared for confirmation: their words, their tables of bytes, and the state of each in the current
 * piece.
 */
import { bytesOfClass } from './byte-set.ts';
import { CONTEXT, type Pattern, type PhraseOfBytes, type RunOfBytes } from './pattern.ts';
import { type Word, toWord } from './word.ts';

/** Texts, indexed by their first byte. */
export type TextTable = readonly (readonly Uint8Array[])[];

/** A phrase, prepared. */
export interface Phrase {
  readonly words: TextTable;
  readonly ends: TextTable;
  readonly most: number;
  readonly isNever: Uint8Array;
}

/** Bytes that must follow, prepared. */
export interface ByteRun {
  /** Indexed by byte: 1 for a member. */
  readonly isOf: Uint8Array;
  readonly least: number;
  readonly most: number;
  readonly isHeld: Uint8Array | undefined;
  readonly or: TextTable | undefined;
  readonly phrases: readonly Phrase[];
  readonly limit: number;
}

/** A value, prepared. */
export interface Value {
  readonly isOf: Uint8Array;
  readonly isHeld: Uint8Array;
  readonly long: number;
  readonly most: number;
}

/** A word, prepared. */
export interface PreparedWord {
  readonly isOf: Uint8Array;
  readonly least: number;
  readonly most: number;
  readonly isUnless: Uint8Array;
}

/** Runs of bytes, prepared. */
interface RunOfExpression {
  readonly isOf: Uint8Array;
  readonly isJoin: Uint8Array;
  readonly least: number;
  readonly most: number;
}

/** A prepared pattern, with the window that is being merged. */
export interface Expression {
  readonly index: number;
  /**
   * Its matches begin with a keyword, so it is tried only where one is: in source code, a search from every byte of
   * the windows takes four times as long.
   */
  readonly isAnchored: boolean;
  /** As in the rule. */
  readonly pattern: RegExp;
  readonly binaryPattern: RegExp;
  /** For a pattern without keywords: as in the rule. */
  readonly needs: readonly Uint8Array[] | undefined;
  /** Compiled on first use: most rules are never run. */
  regExp: RegExp | undefined;
  binaryRegExp: RegExp | undefined;
  readonly before: number;
  readonly after: number;
  /** Windows are merged when there are at most this many bytes between them. */
  readonly joinDistance: number;
  readonly next: readonly ByteRun[];
  readonly value: Value | undefined;
  readonly plainWord: PreparedWord | undefined;
  readonly isMarker: boolean;
  /** For a pattern of runs. */
  readonly run: RunOfExpression | undefined;
  /** Maximum length of a match, in bytes. */
  readonly span: number;
  /** Offsets in the memory; `to` is -1 while there is no window. */
  from: number;
  to: number;
  /** The expression has been tried at all places of the memory before this one. */
  done: number;
  /** Where the window's keywords begin, in the order found. Only for an anchored expression. */
  readonly starts: number[];
}

/** The patterns that a word belongs to. */
export interface Target {
  readonly expression: Expression;
  /** Length of the word, in bytes. */
  readonly length: number;
}

/**
 * The patterns' words without duplicates, with the patterns each belongs to; and how far a match may reach
 * across chunks.
 */
export function targetsOf(patterns: readonly Pattern[]): {
  readonly words: readonly Word[];
  readonly targets: readonly (readonly Target[])[];
  readonly expressions: readonly Expression[];
  readonly reach: number;
} {
  const byWord = new Map<string, { readonly word: Word; readonly targets: Target[] }>();
  const expressions: Expression[] = [];
  let reach = 0;
  for (const [index, one] of patterns.entries()) {
    const {
      keywords,
      caseless = false,
      pattern,
      binaryVariant = pattern,
      window,
      next,
      value,
      plainWord,
      run,
      needs,
      isMarker = false,
    } = one;
    const longest = Math.max(0, ...keywords.map(({ length }) => length));
    const isAnchored = keywords.length > 0 && window.before === 0;
    const expression: Expression = {
      index,
      isAnchored,
      pattern,
      binaryPattern: binaryVariant,
      needs: needs?.map((literal) => Buffer.from(literal, 'latin1')),
      regExp: undefined,
      binaryRegExp: undefined,
      ...window,
      // A word may be reported after another one that begins up to this much later: both go back by the longest
      // word at most.
      joinDistance: 2 * CONTEXT + 2 * longest,
      next: [next ?? []].flat().map(runOf),
      value: value && {
        isOf: bytesOfClass(value.of),
        isHeld: bytesOfClass(value.holds),
        long: value.long,
        most: value.most,
      },
      plainWord: plainWord && {
        isOf: bytesOfClass(plainWord.of),
        least: plainWord.letters[0],
        most: plainWord.letters[1],
        isUnless: bytesOfClass(plainWord.unless),
      },
      isMarker,
      run: run && { ...run, isOf: bytesOfClass(run.of), isJoin: bytesOfClass(run.joins) },
      span: window.before + longest + window.after,
      from: 0,
      to: -1,
      done: 0,
      starts: [],
    };
    expressions.push(expression);
    for (const keyword of new Set(keywords)) {
      const word = toWord(keyword, caseless);
      const key = `${caseless ? 'i' : '='}${Buffer.from(word.bytes).toString('latin1')}`;
      const entry = byWord.get(key) ?? { word, targets: [] };
      byWord.set(key, entry);
      entry.targets.push({ expression, length: keyword.length });
    }
    reach = Math.max(reach, window.before + longest + window.after + 2 * CONTEXT);
  }
  const entries = [...byWord.values()];
  return {
    words: entries.map(({ word }) => word),
    targets: entries.map(({ targets }) => targets),
    expressions,
    reach,
  };
}

/** The expression, compiled to match at a given place: only there, or there and anywhere after. */
export function searching({ source, flags }: RegExp, isAnchored: boolean): RegExp {
  return new RegExp(source, [...new Set(flags + (isAnchored ? 'y' : 'g'))].join(''));
}

function runOf({ of, least, most = least, holds, or, phrases = [], limit = Infinity }: RunOfBytes): ByteRun {
  return {
    isOf: bytesOfClass(of),
    least,
    most,
    limit,
    isHeld: holds === undefined ? undefined : bytesOfClass(holds),
    or: or === undefined ? undefined : byFirstByte(or),
    phrases: phrases.map(phraseOf),
  };
}

function phraseOf({ words, ends, most, never }: PhraseOfBytes): Phrase {
  return { words: byFirstByte(words), ends: byFirstByte(ends), most, isNever: bytesOfClass(never) };
}

function byFirstByte(texts: readonly string[]): TextTable {
  const bytes = texts.map((text) => Buffer.from(text, 'latin1'));
  return Array.from({ length: 256 }, (_, byte) => bytes.filter(([first]) => first === byte));
}
