/**
 * Searches one text with the administrator's rules: collects the occurrences of their keywords, then runs the
 * rules.
 */
import type { Candidate, Detection } from './candidate.ts';
import type { Detector } from './detector.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Match } from '../engine/index.ts';
import type { CustomRules, Occurrence } from '../rules/custom/index.ts';

export class CustomSearch {
  readonly #detector: Detector;
  readonly #customRules: CustomRules;
  readonly #path: string;
  /** Where the chunk begins in the text. */
  #base = 0;
  /** By keyword; offsets in the chunk. */
  #occurrences = new Map<number, Occurrence[]>();
  readonly #ends = new Map<number, number>();

  constructor(detector: Detector, customRules: CustomRules, path: string) {
    this.#detector = detector;
    this.#customRules = customRules;
    this.#path = path;
  }

  /** Records an occurrence of a keyword. */
  take(keyword: number, { start, end }: Match): void {
    const place = { start: start - this.#base, end: end - this.#base };
    const known = this.#occurrences.get(keyword);
    if (known === undefined) this.#occurrences.set(keyword, [place]);
    else known.push(place);
  }

  /**
   * The matches in a chunk whose keywords have been recorded; one step for each rule.
   * @param from matches that begin before this offset of the chunk have been found
   * @param limit matches that begin here or later wait for the next chunk
   * @param next where the next chunk begins, in this one
   */
  *finish(bytes: Uint8Array, from = 0, limit = Infinity, next = 0): Generator<void, Candidate[], void> {
    const base = this.#base;
    const occurrences = this.#occurrences;
    this.#base += next;
    if (occurrences.size === 0 && !this.#customRules.wantsEveryText) return [];
    this.#occurrences = new Map();
    const { rules, key, disabled, descriptions } = this.#detector;
    const text = { bytes, base, path: this.#path, occurrences, from, limit, ends: this.#ends };
    const found = yield* this.#customRules.matchesIn(text);
    const isEnabled = ({ rule }: (typeof found)[number]) =>
      disabled?.has(descriptions[rules.length + rule]?.id ?? '') !== true;
    return found.filter(isEnabled).map(({ rule, secretStart, secretEnd, entropy, isAllowed }) => ({
      rule: rules.length + rule,
      start: base + secretStart,
      end: base + secretEnd,
      severity: 'medium',
      confidence: 'medium',
      evidence: [`entropy ${entropy.toFixed(1)}`, `custom rule from ${this.#customRules.file}`],
      fingerprint: fingerprintOf(key, bytes.subarray(secretStart, secretEnd)),
      ...(isAllowed && { isAllowed }),
    }));
  }
}

/** Matches of the rules that need only the path of a file. */
export function detectPath({ customRules, key, disabled }: Detector, path: string): Detection[] {
  return (customRules?.matchesOfPath(path) ?? []).flatMap(({ rule, isAllowed }) => {
    const { id = '', title = '' } = customRules?.descriptions[rule] ?? {};
    if (disabled?.has(id) === true) return [];
    return {
      rule: id,
      title,
      severity: 'medium',
      confidence: 'medium',
      evidence: ['matched by its path', `custom rule from ${customRules?.file}`],
      fingerprint: fingerprintOf(key, Buffer.from(path)),
      count: 1,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      ...(isAllowed && { isAllowed }),
    };
  });
}
