/**
 * What a task knows as a secret never leaves the process: the task says one in every record, in its summary and in its errors, at the
 * most verbose level, and every byte that left the process is searched for it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { agentWithJob, byHand, cleanUp, filesBelow, newFolder } from '../probe-under-test.ts';

afterEach(cleanUp);

/** The probe redacts what begins with `hidden-`. */
const HIDDEN = 'Qv8XzLm2Kt7Wp4Rb';
const said = ['--log-level=debug', `--leak=hidden-${HIDDEN}`, '--store=3', '--records=1'];

/** The names of outputs that have it, or a part of it. */
function leaking(outputs: ReadonlyMap<string, string>): string[] {
  const parts = [HIDDEN.slice(0, 8), HIDDEN.slice(-8)];
  return [...outputs].filter(([, text]) => parts.some((part) => text.includes(part))).map(([name]) => name);
}

/** Everything in a folder besides what is shipped and the agent's keys. */
function filesIn(folder: string): [string, string][] {
  return filesBelow(folder)
    .filter((path) => !['/Jobs/', '/Certificates/'].some((part) => path.includes(part)))
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

describe('what the task redacts does not leave the process', () => {
  test.each([
    ['a dry run', ['--dry-run'], 0],
    ['a dry run that shows its records', ['--dry-run', '--verbose'], 0],
    ['a run without an agent', ['--standalone'], 0],
    ['a dry run that fails', ['--dry-run', '--fail=no-input'], 66],
    ['a run that fails', ['--standalone', '--fail=no-input'], 66],
    ['an unexpected error', ['--standalone', '--fail=unexpected'], 70],
    ['an error that nothing catches', ['--standalone', '--fail=uncaught'], 70],
  ] as const)('from %s', async (_, mode, code) => {
    const folder = newFolder();
    const state = mode[0] === '--dry-run' ? [] : [`--state-dir=${join(folder, 'state')}`];
    const ended = await byHand([...mode, ...said, ...state, `--report=${join(folder, 'r.json')}`], {
      env: { TMPDIR: folder, HOME: folder },
    });
    expect(ended.code).toBe(code);
    const outputs = new Map([['stdout', ended.stdout], ['stderr', ended.stderr], ...filesIn(folder)]);
    expect(ended.stdout + ended.stderr).toContain('[redacted]');
    expect(leaking(outputs)).toEqual([]);
  });

  test.each([undefined, 'refuse', 'no-ack'] as const)(
    'under the agent, with the broker fault %s',
    async (broker) => {
      const id = 'probe-event-topic';
      const agent = await agentWithJob(['--agent-timeout=2s', ...said], {
        template: id,
        minimumLevel: 'Debug',
        faults: { broker },
      });
      const run = await agent.runJob(id);
      const outputs = new Map([
        ['output', run.tasks.map(({ stdout, stderr }) => stdout + stderr).join('')],
        ['records', JSON.stringify(agent.records)],
        ['events', JSON.stringify(agent.events)],
        ['audit', JSON.stringify(agent.audit)],
        ...filesIn(agent.root),
      ]);
      expect(outputs.size).toBeGreaterThan(4);
      expect([...outputs.values()].join('')).toContain('[redacted]');
      expect(leaking(outputs)).toEqual([]);
    },
  );

  test('the search would find it', async () => {
    const { stderr } = await byHand(['--dry-run', '--verbose', '--log-level=debug', `--leak=${HIDDEN}`]);
    expect(leaking(new Map([['stderr', stderr]]))).toEqual(['stderr']);
  });
});
