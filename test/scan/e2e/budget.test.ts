/** Runs that have a tenth of the time that the whole tree takes, kept to a known speed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect } from '@jest/globals';
import { plantable } from '../../../fixtures/tokens.ts';
import { testWith } from '../../tool.ts';
import { byHand, cleanUp, newFolder, packed } from '../scanner-under-test.ts';

afterAll(cleanUp);

/** Seconds that a run may take, and megabytes in a second. */
const BUDGET = 3;
const RATE = 1;
const FILES = 600;
const FOLDERS = 50;
/** So that the whole takes ten times the budget. */
const FILE_BYTES = (10 * BUDGET * RATE * 1_000_000) / FILES;
/** Milliseconds: what was written within them before a run is examined again by the next one. */
const UNTIL_QUIET = 2500;

interface Line {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A tree with a secret in every tenth file. */
function newTree(): string {
  const root = newFolder('budget');
  const text = 'a line of a log, which is like the others\n'.repeat(FILE_BYTES / 40);
  for (let file = 0; file < FILES; file += 1) {
    const folder = join(root, `${file % FOLDERS}`);
    mkdirSync(folder, { recursive: true });
    const token = file % 10 === 0 ? `${plantable('github-classic-token', `${file}`)}\n` : '';
    writeFileSync(join(folder, `${file}.log`), (token + text).slice(0, FILE_BYTES));
  }
  return root;
}

// The sources start so slowly that too little of the budget is left.
testWith(packed)(
  'twelve runs of a tenth of the time cover the whole tree, and say so',
  async () => {
    const root = newTree();
    await setTimeout(UNTIL_QUIET);
    const state = join(newFolder(), 'state');
    const run = async (...limits: string[]) => {
      const args = ['--standalone', '--priority=normal', '--workers=1', `--state-dir=${state}`];
      const began = performance.now();
      const { code, stdout } = await byHand([...args, ...limits, root]);
      const lines = stdout.trim().split('\n');
      const records = lines.map((line): Line => JSON.parse(line));
      const summary = records.find(({ event }) => event === 'run.summary')?.data ?? {};
      return {
        code,
        seconds: (performance.now() - began) / 1000,
        events: records.map(({ event }) => event),
        files: Number(summary['files']),
        unchanged: Number(summary['unchanged']),
        bytes: Number(summary['bytes']),
        unexamined: summary['unexamined'],
      };
    };
    const runs: Awaited<ReturnType<typeof run>>[] = [];
    while (runs.length < 12) runs.push(await run(`--max-duration=${BUDGET}s`, `--max-rate=${RATE}`));

    // None of them could do much more than its part of the whole.
    expect(Math.max(...runs.map(({ seconds }) => seconds))).toBeLessThan(2 * BUDGET);
    expect(Math.max(...runs.map(({ bytes }) => bytes))).toBeLessThan(1.1 * BUDGET * RATE * 1_000_000);
    expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
    expect(runs[0]?.events).toContain('run.out-of-time');
    expect(runs[0]?.unexamined).toEqual({ 'stopped-early': expect.any(Number) });
    // What they have examined is all, and each file once.
    expect(runs.reduce((sum, { files }) => sum + files, 0)).toBe(FILES);
    expect(runs.flatMap(({ events }) => events.filter((event) => event === 'scan.finding'))).toHaveLength(
      FILES / 10,
    );
    expect(runs.at(-1)?.unexamined).toEqual({});
    expect(await run()).toMatchObject({ files: 0, unchanged: FILES, bytes: 0, unexamined: {} });
  },
  120_000,
);
