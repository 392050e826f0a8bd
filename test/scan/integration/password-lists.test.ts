/** Long exports of passwords: every row counts, wherever in the file it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Dice } from '../../../fixtures/tokens.ts';
import { scanOnce } from '../scan-once.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function linesWithFindings(content: string): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lists-'));
  folders.push(folder);
  writeFileSync(join(folder, 'passwords.csv'), content);
  const { findings } = await scanOnce({ roots: [folder] }, { log: () => undefined });
  return findings
    .filter(({ rule }) => rule === 'password-list-password')
    .map(({ line }) => line)
    .sort((one, other) => one - other);
}

const dice = new Dice('lists');
const passwords = Array.from({ length: 4000 }, () => `${dice.draw('abcdefghkmnpqrstuvwxyz', 11)}7!`);
const rows = passwords.map(
  (password, n) => `https://site${n}.lan/passport,user${n},${password},"${'note '.repeat(n % 60)}"\n`,
);
const numbers = Array.from({ length: rows.length }, (_, n) => n + 2);

test('all rows of an export of more than a chunk', async () => {
  const content = `url,username,password,note\n${rows.join('')}`;
  expect(content.length).toBeGreaterThan(700_000);
  expect(await linesWithFindings(content)).toEqual(numbers);
});

test('the heading may come after other lines, and another table may follow', async () => {
  const other = `name;host;kennwort\nbox;nas.lan;${passwords[0]}x\n`;
  const content = `# export\n${rows.slice(0, 3).join('')}url,username,password,note\n${rows.slice(0, 300).join('')}${other}`;
  const first = numbers.slice(0, 300).map((line) => line + 4);
  expect(await linesWithFindings(content)).toEqual([...first, 307]);
});

test('rows without such a heading are no passwords', async () => {
  expect(await linesWithFindings(`url,username,city,note\n${rows.join('')}`)).toEqual([]);
});
