/**
 * Every command in the documentation is run, each page in a home of its own, unless a comment before it says why not. All commands
 * name options that exist.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { taskBuild } from '../../../build/task.ts';
import { describeWith, posix, testWith } from '../../tool.ts';
import { blocksOf, pages, reasons } from '../page-blocks.ts';
import { type Outcome, runPage } from '../page-runner.ts';
import { cleanUp, packed, programUnderTest } from '../program-under-test.ts';

jest.setTimeout(120_000);
afterAll(cleanUp);

const { byHand } = programUnderTest(taskBuild);
const blocksByPage = new Map(pages().map((page) => [page, blocksOf(page)]));
const blocks = [...blocksByPage.values()].flat();
const commands = blocks.filter(({ language }) => language === 'sh');
const run = commands.filter(({ notRun }) => notRun === undefined);
const notRun = Object.entries(reasons).flatMap(([reason, meaning]) => {
  const count = commands.filter((block) => block.notRun === reason).length;
  return count === 0 ? [] : [`${count}: ${meaning}`];
});

describeWith(posix, packed)('the commands on the pages', () => {
  const outcomes = new Map<string, readonly Outcome[]>();
  const withCommands = [...new Set(run.map(({ page }) => page))];

  beforeAll(async () => {
    const waiting = [...withCommands];
    const work = async () => {
      for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
        outcomes.set(page, await runPage(blocksByPage.get(page) ?? []));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  });

  test.each(withCommands)('of %s do what they should', (page) => {
    const failed = (outcomes.get(page) ?? []).filter(({ block, code }) => code !== block.exit);
    expect(
      failed.map(({ block, code, output }) => ({ line: block.line, text: block.text, code, output })),
    ).toEqual([]);
    expect(outcomes.get(page)).not.toHaveLength(0);
  });

  test(`that are not run are commands (${notRun.join('; ')})`, () => {
    const wrong = commands.filter(({ text }) => spawnSync('sh', ['-n'], { input: text }).status !== 0);
    expect(wrong.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });
});

testWith(packed)('every option that a page gives to the executable exists', async () => {
  const main = (await byHand(['--help'])).stdout;
  const [, list = ''] = /^Commands \(.*\n((?: {2}.*\n)+)/m.exec(main) ?? [];
  const words = Array.from(list.matchAll(/^ {2}(\w+(?: \w+)*) {2}/gm), ([, name = '']) => name.split(' '));
  const helps = await Promise.all(words.map((name) => byHand([...name, '--help'])));
  const known = new Set([main, ...helps.map(({ stdout }) => stdout)].join('\n').match(/--[a-z][a-z-]+/g));
  // The executable where a command begins, perhaps with its folder, and what follows up to the next command.
  const call = new RegExp(
    `(?:^|[|;&(=]|: )\\s*(?:sudo )?(?:"[^"\\n]*[\\\\/]|[^\\s"]*/)?${RegExp.escape(taskBuild.name)}(?:\\.exe)?"?((?: [^|;&#\\n]*)?)`,
    'gm',
  );
  const unknown = blocks
    .filter(({ language }) => ['sh', 'bat', 'ini', 'yaml'].includes(language))
    .flatMap(({ page, line, text }) =>
      Array.from(text.matchAll(call), ([, given = '']) => given.match(/(?<=\s)--[a-z][a-z-]+/g) ?? [])
        .flat()
        .filter((option) => !known.has(option))
        .map((option) => `${page}:${line}: ${option}`),
    );
  expect(unknown).toEqual([]);
});

test('every script of npm that a page names exists', () => {
  const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const named = commands.flatMap(({ page, line, text }) =>
    Array.from(text.matchAll(/\bnpm run ([a-z][a-z:-]+)/g), ([, name = '']) => ({ page, line, name })),
  );
  expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
});
