/**
 * Records what a dry run shows on terminals of 80 and 200 columns, for a few trees with made-up credentials, in `docs/captures/`.
 * With `--check`, compares instead, and fails if a capture is out of date. Needs script(1) and stty(1).
 *
 *     node scripts/captures.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './captures/capture.ts';
import { scenes } from './captures/scenes.ts';

const FOLDER = 'docs/captures';
/** Columns. */
const WIDTHS = [80, 200];

const isCheck = process.argv[2] === '--check';
const outdated: string[] = [];
for (const scene of scenes) {
  for (const width of WIDTHS) {
    const path = join(FOLDER, `${scene.name}-${width}.txt`);
    const text = await capture(scene, width);
    if (!isCheck) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) outdated.push(path);
  }
}
if (outdated.length > 0) {
  console.error(`out of date: ${outdated.join(', ')}; run: npm run captures`);
  process.exitCode = 1;
}
