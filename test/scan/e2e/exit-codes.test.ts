/** Walks the scanner's own exit codes: each one, from the way that an operator would come to see it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/index.ts';
import { scanExits } from '../../../src/scan/model/exits.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { agentWithJob, byHand, cleanUp, jobId, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

/** A folder with one credential in it. */
function planted(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.env'), `TOKEN=${plantable('github-classic-token')}\n`);
  return folder;
}

const walks: Readonly<Record<string, () => readonly string[]>> = {
  findings: () => ['scan', '--fail-on=low', planted()],
  incomplete: () => ['scan', '--strict', '--allow-missing-roots', planted(), '/does/not/exist'],
  'no-root': () => ['scan', planted(), '/does/not/exist'],
  'bad-report': () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.json'), '{');
    return ['report', 'merge', folder, `--output=${join(folder, 'fleet.html')}`];
  },
};

describe('exit codes of the scanner', () => {
  const rows = Object.values(scanExits);

  test.each(rows.map(({ code, name, meaning }) => [code, name, meaning] as const))(
    '%i %s: %s',
    async (code, name) => {
      expect((await byHand(walks[name]?.() ?? [])).code).toBe(code);
    },
  );

  test('the scan runs without an agent', async () => {
    const report = join(newFolder(), 'report.json');
    const agent = await agentWithJob(['--agent-timeout=2s', `--report=${report}`, planted()], {
      faults: { broker: 'refuse' },
    });
    expect((await agent.runJob(jobId)).exitCode).toBe(69);
    expect((await readReport(report)).outcome.findings).toHaveLength(1);
  });
});
