/**
 * Writes `src/scan/rules/validators/letter-pairs.ts`: how surprising one letter is after another in the words and
 * names of the files that `npm ci` installs. The same lock file gives the same numbers.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { loadTools } from '../../src/scan/task-build.ts';

const { letterClass, LETTERS } = await loadTools();

const target = 'src/scan/rules/validators/letter-pairs.ts';
const GLOB = 'node_modules/**/*.{js,d.ts,md}';
/** Packages that differ by platform, and files that contain more data than words. */
const LEFT_OUT =
  /node_modules\/(?:@[^/]+\/)?[^/]*(?:linux|darwin|win32|node-bin|node-win)[^/]*\/|\.min\.|dist\//;
/** Number of characters counted per file, and the maximum length of a line in a hand-written file. */
const PER_FILE = 64 * 1024;
const LONG_LINES = 200;

const counts = Array.from({ length: LETTERS }, () => new Float64Array(LETTERS).fill(0.5));
for (const path of globSync(GLOB).sort()) {
  if (LEFT_OUT.test(path)) continue;
  const text = readFileSync(path, 'latin1').slice(0, PER_FILE);
  if (text.length / text.split('\n').length > LONG_LINES) continue;
  for (const [word] of text.matchAll(/[A-Za-z][A-Za-z0-9_-]{3,80}/g)) {
    let previous = letterClass(0x20);
    for (let index = 0; index < word.length; index += 1) {
      const next = letterClass(word.charCodeAt(index));
      const row = counts[previous];
      if (row !== undefined) row[next] = (row[next] ?? 0) + 1;
      previous = next;
    }
  }
}
const rows = counts.map((row) => {
  const total = row.reduce((sum, count) => sum + count, 0);
  // Tenths of a bit, up to 25.5, as two hexadecimal digits.
  return Array.from(row, (count) =>
    Math.min(255, Math.round(-10 * Math.log2(count / total)))
      .toString(16)
      .padStart(2, '0'),
  ).join('');
});
writeFileSync(
  target,
  `/**
 * How surprising a letter (column) is after another (row): tenths of a bit, two hexadecimal digits each, for the classes of
 * \`letter-class.ts\`. Written by \`scripts/tables/letter-pairs.ts\`; do not edit.
 */
export const letterPairs: readonly string[] = [
${rows.map((row) => `  '${row}',`).join('\n')}
];
`,
);
console.log(`wrote ${target}`);
