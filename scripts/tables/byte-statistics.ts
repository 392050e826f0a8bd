/**
 * Writes `src/scan/engine/byte-statistics.ts`: how often one byte follows another in the files that `npm ci`
 * installs. The same lock file gives the same statistics.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { loadTools } from '../../src/scan/task-build.ts';

const { byteClass, byteClasses } = await loadTools();

const target = 'src/scan/engine/byte-statistics.ts';
const LEVELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-';
/** Maximum number of bytes counted per file, so that one bundle does not dominate. */
const PER_FILE = 64 * 1024;
/** Text of all kinds; packages that differ by platform are skipped. */
const GLOB = 'node_modules/**/*.{js,cjs,mjs,ts,cts,mts,json,md,map,css,html,yml,txt,sh}';
const PLATFORM = /node_modules\/(?:@[^/]+\/)?[^/]*(?:linux|darwin|win32|node-bin|node-win)[^/]*\//;

const counts = Array.from(byteClasses, () => new Float64Array(byteClasses.length));
for (const path of globSync(GLOB).sort()) {
  if (PLATFORM.test(path)) continue;
  let previous = byteClass(0x0a);
  for (const byte of readFileSync(path).subarray(0, PER_FILE)) {
    const next = byteClass(byte);
    const row = counts[previous];
    if (row !== undefined) row[next] = (row[next] ?? 0) + 1;
    previous = next;
  }
}
const rows = counts.map((row) => Array.from(row, levelOf).join(''));
const text = `/**
 * How often a class of bytes (column) follows another (row) in the files that \`npm ci\` brings: a digit of base 64 is
 * \`2.5 * log2(1 + count)\`. Written by \`scripts/tables/byte-statistics.ts\`; do not edit.
 */
export const STEPS_PER_DOUBLING = 2.5;
export const LEVELS = '${LEVELS}';
export const levels: readonly string[] = [
${rows.map((row) => `  '${row}',`).join('\n')}
];
`;
writeFileSync(target, text);
console.log(`wrote ${target}`);

function levelOf(count: number): string {
  return LEVELS.charAt(Math.min(63, Math.round(2.5 * Math.log2(1 + count))));
}
