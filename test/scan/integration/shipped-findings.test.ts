/** Findings in unmodified files of packages, from run to run: kept, counted separately, and no alert. */
import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { Machine } from '../stateful-scan.ts';
import { plantable } from '../../../fixtures/tokens.ts';

const machines: Machine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});

const DAY = 24 * 60 * 60 * 1000;
const token = plantable('github-classic-token', '1');
const packages = 'lib/python3.12/site-packages';
const file = `${packages}/acme/keys.py`;
const none = { low: 0, medium: 0, high: 0, critical: 0 };
const nothingNew = { new: 0, persisting: 0, moved: 0, resolved: 0 };

function machineWithPackage(): Machine {
  const text = `key = "${token}"\n`;
  const sum = createHash('sha256').update(text).digest('base64url');
  const machine = new Machine({
    [file]: text,
    [`${packages}/acme-1.2.dist-info/RECORD`]: `acme/keys.py,sha256=${sum},${text.length}\n`,
  });
  machines.push(machine);
  return machine;
}

test.each([true, false])(
  'kept, of low severity, and counted separately (stateless: %s)',
  async (stateless) => {
    const machine = machineWithPackage();
    const { outcome, records } = await machine.run({ stateless });
    expect(outcome).toMatchObject({
      findings: [{ severity: 'low', shippedBy: 'acme 1.2' }],
      findingCount: none,
      shipped: 1,
    });
    expect(outcome.findings[0]?.evidence).toContain('shipped by acme 1.2');
    const levels = records.filter(({ id }) => id.startsWith('scan.finding')).map(({ level }) => level);
    expect(levels).toEqual(['Information']);
  },
);

test('no alert in later runs, no change of what is counted', async () => {
  const machine = machineWithPackage();
  const options = { remind: 1 };
  expect((await machine.run({ options })).outcome.lifecycle).toEqual(nothingNew);
  const second = await machine.run({ options, later: 3 * DAY });
  expect(second.said).toEqual([]);
  expect(second.outcome).toMatchObject({ findingCount: none, shipped: 1, lifecycle: nothingNew });
  machine.write(file, 'removed = True\n');
  const third = await machine.run({ options, later: 4 * DAY });
  expect(third.outcome).toMatchObject({ findings: [], shipped: 0, lifecycle: nothingNew });
});

test('a modified file is judged like any other', async () => {
  const machine = machineWithPackage();
  await machine.run();
  machine.write(file, `# changed\nkey = "${token}"\n`);
  const { said, records, outcome } = await machine.run();
  expect(said).toEqual([`finding ${file}`]);
  expect(records.find(({ id }) => id === 'scan.finding')?.level).toBe('Warning');
  expect(outcome).toMatchObject({
    findingCount: { ...none, critical: 1 },
    shipped: 0,
    lifecycle: { new: 1 },
  });
  expect((await machine.run()).said).toEqual([]);
});

test('a file that leaves its package is judged like any other', async () => {
  const machine = machineWithPackage();
  await machine.run();
  renameSync(machine.path(file), machine.path('keys.py'));
  const { said, outcome } = await machine.run();
  expect(said).toEqual(['finding keys.py']);
  expect(outcome).toMatchObject({
    findingCount: { ...none, critical: 1 },
    shipped: 0,
    lifecycle: { new: 1 },
  });
});
