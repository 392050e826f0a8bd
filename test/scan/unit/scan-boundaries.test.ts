/**
 * A token is found after each sign that assigns, quotes or lists it, and next to the control sequences of a terminal:
 * what begins a token never mistakes an assignment for the padding of base64, nor an escape for a word.
 */
import { describe, expect, test } from '@jest/globals';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { allRules } from '../../../src/scan/rules/index.ts';
import { plantable, plantableKinds } from '../../../fixtures/tokens.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function rulesIn(text: string): string[] {
  const length = detector.engine.memory.write(text);
  const found: string[] = [];
  new TextDetection(detector).next(length, true, ({ rule }) => found.push(rule));
  return found;
}

const BEFORE = [
  ...Array.from('=:([{,;>|/-_&?@"\'`'),
  String.raw`\n`,
  String.raw`\"`,
  '%3D',
  '\u001b[32m',
  ' \u001b[1;32m',
];
const AFTER = [...Array.from('"\'`)]},;|&<'), String.raw`\n`, String.raw`\"`, '\u001b[0m'];

/** The characters that must not precede a token, since it may consist of them. */
const EXCLUDED = /(?<=^|^\(\?<!\[\+\/\]\))(?:\(\?:){0,2}\(\?<!\[((?:\\.|[^\]\\])*)\]\)/g;

/** Rules that look at what precedes, or whose tokens other rules find where a name stands directly before. */
const isContextual = (kind: string) => /-beside-|-url$/.test(kind) || kind === 'calcom-api-key';

const tokens = plantableKinds.flatMap((kind) => {
  const token = plantable(kind);
  const isFound = !token.includes('\n') && rulesIn(`x ${token} y`).includes(kind);
  return isFound && !isContextual(kind) ? [{ kind, token }] : [];
});

test('most rules have a token that stands alone', () => {
  expect(tokens.length).toBeGreaterThan(380);
});

describe.each(tokens)('$kind', ({ kind, token }) => {
  const source = allRules.find(({ id }) => id === kind)?.pattern.source ?? '';
  const excluded = Array.from(source.matchAll(EXCLUDED), ([, of]) => new RegExp(`[${of}]`));

  test('is found after each sign', () => {
    const signs = BEFORE.filter((sign) => sign.length > 1 || !excluded.some((of) => of.test(sign)));
    expect(signs.filter((sign) => !rulesIn(`name${sign}${token} end`).includes(kind))).toEqual([]);
  });

  test('is found before each sign', () => {
    expect(AFTER.filter((sign) => !rulesIn(`name=${token}${sign} end`).includes(kind))).toEqual([]);
  });
});
