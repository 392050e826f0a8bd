/**
 * Compares the engine with the reference scanner on this processor, without jest: `node scripts/differential.ts
 * [TEXTS] [SEED]`. Prints a line for each part, the first difference in it, and a line for all of them; exits with
 * 1 if there was a difference. Ten million texts take some 20 minutes.
 */
import { comparisons } from './differential/comparisons.ts';
import { kernelsOfMachine } from './differential/kernels.ts';

const [texts = 100_000, seed = 0] = process.argv.slice(2).map(Number);
const kernels = kernelsOfMachine().join(', ');
console.log(`${process.arch}: kernels ${kernels}`);
const sum = { texts: 0, matches: 0 };
let different = 0;
for (const { name, countOf, run } of comparisons) {
  const { scanned, matches, wrong } = run(countOf(texts), seed);
  console.log(`${name}: ${scanned} texts, ${matches} matches${wrong === undefined ? '' : ', DIFFERENT'}`);
  sum.texts += scanned;
  sum.matches += matches;
  if (wrong === undefined) continue;
  console.log(JSON.stringify(wrong));
  different += 1;
}
const minutes = (process.cpuUsage().user / 60_000_000).toFixed(1);
console.log(
  different > 0
    ? `the engine and the reference scanner differ in ${different} parts, ${sum.texts} texts (seed ${seed})`
    : `the engine and the reference scanner agree on ${sum.texts} texts with ${sum.matches} matches ` +
        `(kernels ${kernels}; seed ${seed}; ${minutes} minutes of processor time)`,
);
if (different > 0) process.exitCode = 1;
