/**
 * Checks third-party packages against `build/supply-chain.json`: `npm run supply-chain`. Prints each problem and
 * exits with 1 if there is one. `--offline` skips the registry's signatures; otherwise an unreachable registry is
 * reported, and a wrong signature is a problem.
 */
import { readFileSync } from 'node:fs';
import { auditSignatures, bundleProblems, lockProblems, readPolicy } from '../build/supply-chain.ts';

const policy = readPolicy();
const lockFile: unknown = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const problems = [...lockProblems(lockFile, policy, '.'), ...(await bundleProblems(policy))];
if (process.argv.includes('--offline')) {
  console.log('signatures: not checked (--offline)');
} else {
  const { state, text } = auditSignatures();
  if (state === 'wrong') problems.push(`npm audit signatures: ${text}`);
  else console.log(`signatures: ${state === 'verified' ? text : `NOT VERIFIED: ${text}`}`);
}
for (const problem of problems) console.error(problem);
console.log(
  `supply chain: ${Object.keys(Object(lockFile).packages).length - 1} packages, ${problems.length} problems`,
);
if (problems.length > 0) process.exitCode = 1;
