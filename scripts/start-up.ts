/** Prints the start-up time of the packed executable. The figures are for a person to judge; nothing fails here. */
import { executablePath } from '../build/package.ts';
import { measureStartUp } from '../build/release/start-up.ts';
import { hostTarget } from '../build/targets.ts';

const ROUNDS = 21;

console.log(`start-up, median of ${ROUNDS} interleaved runs`);
for (const { start, milliseconds, ratio } of measureStartUp(hostTarget(), executablePath, ROUNDS)) {
  console.log(
    `${start.padEnd(12)} ${milliseconds.toFixed(1).padStart(7)} ms  ${ratio.toFixed(2).padStart(5)} x`,
  );
}
