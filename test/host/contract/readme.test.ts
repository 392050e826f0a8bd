import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { generatedReadme } from '../../../build/readme.ts';

test('the README says what the code says; "npm run readme" mends it', async () => {
  expect(readFileSync('README.md', 'utf8')).toBe(await generatedReadme());
});
