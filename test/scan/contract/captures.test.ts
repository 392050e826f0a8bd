/** The captures in `docs/captures/` show what the program shows today. */
import { execFileSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { installed, linux, testWith } from '../../tool.ts';

testWith(linux, installed('script'))('the captures are up to date (npm run captures)', () => {
  const output = execFileSync(process.execPath, ['scripts/captures.ts', '--check'], { encoding: 'utf8' });
  expect(output).toBe('');
});
