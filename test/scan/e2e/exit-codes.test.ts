/** Walks the table of exit codes: each code, from the way that an operator would come to see it. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ExitTable } from '../../../src/host/exit/exit-table.ts';
import { secretsScan } from '../../../src/scan/index.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { agentWithJob, byHand, cleanUp, newFolder, slowRun } from '../../task-under-test.ts';

afterEach(cleanUp);

/** A folder with one credential in it. */
function planted(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.env'), `TOKEN=${plantable('github-classic-token')}\n`);
  return folder;
}

/** Starts a dry run that takes a while and sends it a signal as soon as it works. */
function signalled(signal: 'SIGINT' | 'SIGTERM') {
  return byHand(['--dry-run', ...slowRun()], {
    onStart: (child) => child.stderr?.once('data', () => child.kill(signal)),
  });
}

/** Runs the job under an agent with a fault. */
async function underAgent(options: Parameters<typeof agentWithJob>[1], extra: readonly string[] = []) {
  const agent = await agentWithJob(['--agent-timeout=2s', ...extra, planted()], options);
  const { exitCode } = await agent.runJob('secrets-scan');
  return exitCode;
}

const walks: Readonly<Record<string, () => Promise<number | null>>> = {
  ok: async () => (await byHand(['--dry-run', planted()])).code,
  findings: async () => (await byHand(['--dry-run', '--fail-on=low', planted()])).code,
  incomplete: async () => (await byHand(['--dry-run', '--strict', planted(), '/does/not/exist'])).code,
  usage: async () => (await byHand(['--dry-rnu'])).code,
  config: async () => (await byHand([])).code,
  'no-root': async () => (await byHand(['--dry-run', '/does/not/exist'])).code,
  'cannot-write': async () =>
    (await byHand(['--dry-run', '--report=/does/not/exist/r.json', planted()])).code,
  unreachable: () => underAgent({ faults: { broker: 'refuse' } }),
  refused: () => underAgent({ faults: { settings: 403 } }),
  'bad-reply': () => underAgent({ faults: { settings: 'garbage' } }),
  interrupted: async () => (await signalled('SIGINT')).code,
  terminated: async () => (await signalled('SIGTERM')).code,
  busy: async () => {
    const agent = await agentWithJob(slowRun());
    const first = agent.runJob('secrets-scan');
    await waitFor(() => agent.records.some(({ payload }) => payload['event'] === 'scan.roots-resolved'));
    const { exitCode } = await agent.runJob('secrets-scan');
    await first;
    return exitCode;
  },
  internal: async () => {
    // A relative root in a working directory that is gone: the system has no answer for it, and neither has anybody.
    const gone = join(newFolder(), 'gone');
    mkdirSync(gone);
    const { code } = await byHand(['--dry-run', 'relative'], { cwd: gone, onStart: () => rmdirSync(gone) });
    return code;
  },
};

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  expect(condition()).toBe(true);
}

describe('exit codes of the executable', () => {
  const { rows } = new ExitTable(secretsScan.exitCodes);

  test.each(rows.map(({ code, name, meaning }) => [code, name, meaning] as const))(
    '%i %s: %s',
    async (code, name) => {
      expect(await walks[name]?.()).toBe(code);
    },
  );

  test.each([
    ['a client that the broker does not authorise', { faults: { broker: 'not-authorised' } }, 77],
    ['an agent that does not know the process', { faults: { settings: 401 } }, 77],
    ['an agent without these settings', { faults: { settings: 404 } }, 76],
    ['a redirect', { faults: { settings: 'redirect' } }, 76],
    ['an agent in trouble', { faults: { settings: 500 } }, 69],
    ['an agent that never answers', { faults: { settings: 'hang' } }, 69],
    ['an agent that answers a byte at a time', { faults: { settings: 'trickle' } }, 69],
    ['a broker that never accepts', { faults: { broker: 'hang' } }, 69],
    ['a broker that never acknowledges', { faults: { broker: 'no-ack' } }, 69],
    ['a broker that cuts the connection again and again', { faults: { dropAfterPackets: 3 } }, 69],
  ] as const)('%s: the work is done, and the code tells', async (_, options, code) => {
    const report = join(newFolder(), 'report.json');
    expect(await underAgent(options, [`--report=${report}`])).toBe(code);
    const { readReport } = await import('../../../src/scan/report/index.ts');
    expect((await readReport(report)).outcome.findings).toHaveLength(1);
  });
});
