/**
 * Searches for texts that take long to scan: `node scripts/hostile-inputs.ts [--size=BYTES] [--worst=COUNT]
 * [--only=REGEXP] [--binaries]`. Scans a short piece of each text in this process, then more of the slowest, and
 * prints these with their cost per megabyte.
 */
import { parseArgs } from 'node:util';
import { type Cost, hostileCost } from './hostile/cost.ts';
import { type HostileText, hostileTexts } from './hostile/texts.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '32768' },
    again: { type: 'string', default: '262144' },
    worst: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    binaries: { type: 'boolean', default: false },
  },
});
const only = new RegExp(values.only);
const size = Number(values.size);
const worst = Number(values.worst);
const rough: { text: HostileText; cost: Cost }[] = [];
let index = 0;
for (const text of hostileTexts(Number(values.seed))) {
  index += 1;
  if (!only.test(text.name) || index % Number(values.every) !== 0) continue;
  rough.push({ text, cost: hostileCost(text, size, values.binaries) });
}
const bySlowness = (a: { cost: Cost }, b: { cost: Cost }) => b.cost.perMegabyte - a.cost.perMegabyte;
const slow = rough
  .sort(bySlowness)
  .slice(0, 3 * worst)
  .map(({ text }) => ({ text, cost: hostileCost(text, Number(values.again), values.binaries) }))
  .sort(bySlowness)
  .slice(0, worst);
console.log(`${rough.length} texts; CPU seconds per MB, findings, text`);
for (const { text, cost } of slow) {
  console.log(`${cost.perMegabyte.toFixed(3)}  ${cost.detections}  ${text.name}  [${text.path}]`);
}
