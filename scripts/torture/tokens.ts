/** Credentials to plant, generated on demand, so that this folder triggers no scanner. None was ever issued. */
import { crc32 } from 'node:zlib';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz';
const ALPHANUMERIC = `0123456789${LETTERS}`;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters that look random, the same for the same seed. */
export function draw(length: number, seed: number | string, alphabet = ALPHANUMERIC): string {
  let state = crc32(`seed ${seed}`);
  let text = '';
  for (let index = 0; index < length; index += 1) {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    text += alphabet[((bits ^ (bits >>> 14)) >>> 0) % alphabet.length];
  }
  return text;
}

/** Of critical severity: a GitHub token with a valid checksum. */
export function criticalToken(seed: number | string): string {
  const body = draw(30, seed);
  let rest = crc32(body);
  let checksum = '';
  for (let digit = 0; digit < 6; digit += 1) {
    checksum = (BASE62[rest % 62] ?? '') + checksum;
    rest = Math.floor(rest / 62);
  }
  return `ghp_${body}${checksum}`;
}

/** A line with a finding of medium severity. */
export function fakeLine(seed: number | string): string {
  return `password = "${draw(15, seed, `${LETTERS}23456789`)}7"\n`;
}

/** Tokens of several vendors, by name. */
export function vendorTokens(seed: number | string): Readonly<Record<string, string>> {
  return {
    github: criticalToken(seed),
    slack: [
      'xoxb',
      draw(12, `${seed}a`, '123456789'),
      draw(13, `${seed}b`, '123456789'),
      draw(24, `${seed} slack`),
    ].join('-'),
    google: `AIza${draw(35, `${seed} google`)}`,
    stripe: ['sk', 'live', draw(24, `${seed} stripe`)].join('_'),
    aws: `AKIA${draw(16, `${seed} aws`, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    gitlab: `glpat-${draw(20, `${seed} gitlab`)}`,
    npm: `npm_${draw(36, `${seed} npm`)}`,
  };
}
