/**
 * Fuzzes for a given time: `npm run fuzz -- [MINUTES] [PART OF A PROPERTY'S NAME]`. Repeatedly runs the properties
 * of `scripts/fuzz/`, with new seeds each time. A failure is printed with its seed and stored in
 * `scripts/fuzz/seeds.json`, which CI replays; the run continues and exits with 1.
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cleanUpHostile } from './local-agent/hostile-agent.ts';
import { properties, seeds, seedsFile } from './fuzz/all.ts';
import { type FuzzProperty, type Seed, run } from './fuzz/property.ts';

const [minutes = '10', part = ''] = process.argv.slice(2);
const end = performance.now() + Number(minutes) * 60_000;
if (!Number.isFinite(end)) throw new Error(`${minutes} is not a number of minutes`);
const chosen = properties.filter(({ name }) => name.includes(part));
if (chosen.length === 0) throw new Error(`no property has "${part}" in its name`);

const failed: Seed[] = [];
const tries = new Map<string, number>();

/** One round of a property with a new seed. */
async function fuzzOnce(property: FuzzProperty): Promise<void> {
  const seed = randomInt(2 ** 31);
  const limit = Math.min(60_000, end - performance.now());
  try {
    await run(property, { runs: 5 * property.runs, seed, limit });
    tries.set(property.name, (tries.get(property.name) ?? 0) + 5 * property.runs);
  } catch (error) {
    const text = Error.isError(error) ? `${error.message}\n${String(error.cause)}` : String(error);
    const path = /path: "([\d:]+)"/.exec(text)?.[1] ?? '0';
    failed.push({ property: property.name, seed, path });
    console.log(`FAILED: ${property.name}\n${text}`);
    writeFileSync(seedsFile, `${JSON.stringify([...seeds, ...failed], null, 2)}\n`);
  }
}

// With less time left than this, no input may be tried at all.
const LEAST_MS = 2000;
for (let round = 0; performance.now() + LEAST_MS < end; round += 1) {
  const property = chosen[round % chosen.length];
  if (property !== undefined) await fuzzOnce(property);
}
for (const { name } of chosen) console.log(`${name}: up to ${tries.get(name) ?? 0} inputs`);
console.log(`${Math.round(process.resourceUsage().maxRSS / 1024)} MB of memory at most`);
console.log(`${failed.length} failures`);
cleanUpHostile();
if (failed.length > 0) process.exitCode = 1;
