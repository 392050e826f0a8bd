/**
 * The engine against the reference scanner on this processor, without jest: `node scripts/differential.ts [TEXTS]`. Prints
 * a line for each part and ends with 1 at the first difference.
 */
import { comparisons } from '../test/differential.ts';
import { kernelsOfMachine } from '../test/kernels.ts';

const texts = Number(process.argv[2] ?? 100_000);
console.log(`${process.arch}: kernels ${kernelsOfMachine().join(', ')}`);
for (const { name, share, run } of comparisons) {
  const count = Math.ceil((share * texts) / 100_000);
  const { matches, wrong } = run(count);
  console.log(`${name}: ${count} texts, ${matches} matches${wrong === undefined ? '' : ', DIFFERENT'}`);
  if (wrong === undefined) continue;
  console.log(JSON.stringify(wrong));
  process.exitCode = 1;
  break;
}
