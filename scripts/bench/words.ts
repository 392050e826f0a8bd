/**
 * The words for the comparison: the keywords of the product's rules, and lists of any length that begin with them.
 * Only this file and `in-memory.ts` depend on how rules define their words.
 */
import { loadTools } from '../../src/scan/task-build.ts';
import { Random } from '../shared/random.ts';

const { patterns } = await loadTools();

export interface Word {
  /** One character per byte. */
  readonly text: string;
  readonly caseless: boolean;
}

const SYLLABLES = 'ba co da fe gi ho ju ka lo mi no pe qui ra so tu ve wi xo yu zen tor mal net sig'.split(
  ' ',
);
const ENDINGS = ['_', '-', '_key', '_token', '_secret', '-live-', '.api.', 'Key', '://'];

/** The words without duplicates. */
export const productWords: readonly Word[] = [
  ...new Map(
    patterns.flatMap(({ keywords, caseless = false }) =>
      keywords.map((text) => [`${text}/${caseless}`, { text, caseless }] as const),
    ),
  ).values(),
];

/** This many words: the product's first, then invented ones that resemble them. */
export function wordList(count: number): readonly Word[] {
  const random = new Random('words');
  const words = new Map(productWords.slice(0, count).map((word) => [word.text, word]));
  while (words.size < count) {
    const text = `${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}${random.pick(ENDINGS)}`;
    words.set(text, { text, caseless: false });
  }
  return [...words.values()];
}

/** A line per word for `vectorscan.c`. */
export function wordsInHex(words: readonly Word[]): string {
  return words
    .map(({ text, caseless }) => `${caseless ? 'i' : '-'} ${Buffer.from(text, 'latin1').toString('hex')}\n`)
    .join('');
}

/** For `rg --fixed-strings`, or without it if some words are caseless. */
export function wordsForRipgrep(words: readonly Word[]): {
  readonly flags: readonly string[];
  readonly lines: string;
} {
  const isPlain = words.every(({ caseless }) => !caseless);
  const lines = words.map(({ text, caseless }) => {
    if (isPlain) return text;
    const escaped = text.replaceAll(/[\\.+*?()|[\]{}^$#&~-]/g, String.raw`\$&`);
    return caseless ? `(?i:${escaped})` : escaped;
  });
  return { flags: isPlain ? ['--fixed-strings'] : [], lines: `${lines.join('\n')}\n` };
}
