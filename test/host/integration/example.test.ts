/** The host with another task than that of this repository: packed, run by the agent, released. */
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readArchive } from '../../../src/host/commands/deploy/archive/archive.ts';
import { hostTarget } from '../../../build/targets.ts';
import { Checkout } from '../checkout.ts';

// An executable is packed twice, and other tests have the processors too.
jest.setTimeout(300_000);

const other = { TASK_BUILD: 'examples/disk-space/task-build.ts' };
let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
});
afterAll(() => rmSync(checkout.folder, { recursive: true, force: true }));

test('the agent runs the packed task, which publishes its records, report and exit code', () => {
  const report = join(checkout.folder, 'report.json');
  const { code, output } = checkout.npm('start', ['--minimum=99', `--report=${report}`, '/'], other);
  expect(output).toContain('disk-space: File system is running out of space: path=/ free=');
  expect(output).toContain('disk-space: Summary: fileSystems=1 low=1');
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
    tool: { name: 'disk-space' },
    exitCode: 10,
    fileSystems: [{ path: '/', isLow: true }],
  });
  expect(code).toBe(10);
});

test('--help has its options and exit codes, and no others', () => {
  const { output } = checkout.run(join('dist', 'disk-space'), ['--help']);
  expect(output).toMatch(/--minimum <percent> +Warn when less than this is free \[default: 10\]/);
  expect(output).toContain('10  less than --minimum is free');
});

test('its job document is rendered for every system and passes the lint', () => {
  const { code, output } = checkout.npm('render-jobs', [], other);
  expect(output.match(/^good .*disk-space\.json$/gm)).toHaveLength(3);
  expect(code).toBe(0);
});

test('what it brings into the executable is allowed', () => {
  const { code, output } = checkout.npm('supply-chain', ['--offline'], other);
  expect(output).toContain(' 0 problems');
  expect(code).toBe(0);
});

test('its archive holds the executable, the job document and the licences', async () => {
  const target = hostTarget();
  const { code, output } = checkout.npm('release', ['--no-packages', '--target', target.name], other);
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  const released = join(checkout.folder, 'dist', 'release');
  const name = readdirSync(released).find((file) => file.endsWith(target.archive)) ?? '';
  expect(name).toMatch(/^kepm-disk-space-/);
  const entries = await readArchive(name, readFileSync(join(released, name)));
  expect(entries.map(({ path }) => path).toSorted()).toEqual([
    'Jobs/bin/disk-space/LICENSE.txt',
    'Jobs/bin/disk-space/THIRD-PARTY-LICENSES.txt',
    'Jobs/bin/disk-space/disk-space',
    'Jobs/bin/disk-space/scenarios/disk-space-doctor.json',
    'Jobs/disk-space.json',
  ]);
});
