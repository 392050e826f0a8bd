/** `doctor --calibrate` finds the configuration for agents that differ, each within a minute. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { AgentOptions } from '../../../scripts/local-agent/index.ts';
import { DOCTOR_JOB, agentWithDoctor, diagnose } from '../doctor-support.ts';
import { cleanUp, newFolder } from '../program-under-test.ts';

afterAll(cleanUp);

const camel = undefined;
const Pascal = { level: 'Level', message: 'Message', source: 'Source', timestamp: 'Timestamp' };
const short = expect.objectContaining({ Warning: 'WRN', Error: 'ERR', Critical: 'FTL' });

interface Expected {
  readonly clientIdTemplate: string;
  readonly mqttVersion: string;
  readonly names?: unknown;
  readonly levels?: unknown;
}
type Row = readonly [name: string, agent: Partial<AgentOptions>, expected: Expected];

const usual = { clientIdTemplate: 'job_{jobId}_{pid}', mqttVersion: '5' } as const;

const rows: readonly Row[] = [
  ['the defaults', {}, usual],
  [
    'a client id that is the job',
    { clientIdPattern: /^(?<jobId>[^_]+)$/ },
    { ...usual, clientIdTemplate: '{jobId}' },
  ],
  [
    'job and process, silently denied otherwise',
    { clientIdPattern: /^(?<jobId>[^_]+)_\d+$/, wrongClientId: 'deny-silently' },
    { ...usual, clientIdTemplate: '{jobId}_{pid}' },
  ],
  [
    'a capital letter, silently denied otherwise',
    { clientIdPattern: /^Job_(?<jobId>[^_]+)_\d+$/, wrongClientId: 'deny-silently' },
    { ...usual, clientIdTemplate: 'Job_{jobId}_{pid}' },
  ],
  [
    'a UUID',
    { clientIdPattern: /^job_(?<jobId>[^_]+)_[0-9a-f-]{36}$/ },
    { ...usual, clientIdTemplate: 'job_{jobId}_{uuid}' },
  ],
  ['MQTT 3.1.1 only', { mqttVersions: ['3.1.1'] }, { ...usual, mqttVersion: '3.1.1' }],
  [
    'MQTT 3.1.1 only, other connections closed, other client id',
    { mqttVersions: ['3.1.1'], unsupportedVersion: 'close', clientIdPattern: /^job-(?<jobId>.+)-\d+$/ },
    { clientIdTemplate: 'job-{jobId}-{pid}', mqttVersion: '3.1.1' },
  ],
  ['MQTT 5 only', { mqttVersions: ['5'] }, usual],
  ['PascalCase fields', { payloadCase: 'Pascal' }, { ...usual, names: Pascal }],
  [
    'PascalCase fields, unknown ones dropped',
    { payloadCase: 'Pascal', payloadUnknown: 'drop-fields' },
    { ...usual, names: Pascal },
  ],
  [
    'PascalCase fields, incomplete records dropped, silent denial',
    {
      payloadCase: 'Pascal',
      payloadUnknown: 'drop-record',
      clientIdPattern: /^KeeperJob_(?<jobId>[^_]+)$/,
      wrongClientId: 'deny-silently',
    },
    { ...usual, clientIdTemplate: 'KeeperJob_{jobId}', names: Pascal },
  ],
  ['short names of levels', { levelNames: 'short' }, { ...usual, levels: short }],
  [
    'short names of levels, unknown ones not written',
    { levelNames: 'short', unknownLevel: 'information' },
    { ...usual, levels: short },
  ],
  [
    'numbers for levels, and another name for their field',
    { levelNames: 'numbers', payloadNames: { level: 'severity' } },
    {
      ...usual,
      names: expect.objectContaining({ level: 'severity' }),
      levels: expect.objectContaining({ Information: 2, Warning: 3 }),
    },
  ],
  [
    'settings in another shape, the log in another place',
    {
      settingsShape: 'named-list',
      settingsCase: 'Pascal',
      settingsRequests: 'all',
      logFolder: 'Plugins/bin/KeeperLogger/Log',
      logNaming: 'older',
      logPathInSettings: false,
    },
    usual,
  ],
];

describe('doctor --calibrate', () => {
  test.each(rows)('%s', async (_, agent, { clientIdTemplate, mqttVersion, names, levels }) => {
    const { report, run, took } = await diagnose({ agent, args: () => ['--calibrate'] });
    expect(report.calibration?.configuration).toEqual({
      clientIdTemplate,
      mqttVersion,
      ...((names ?? levels) !== camel && {
        payload: { ...(names !== undefined && { names }), ...(levels !== undefined && { levels }) },
      }),
    });
    expect(report.calibration?.proof).toContain('KeeperLogger');
    expect(run.exitCode).toBe(0);
    expect(took).toBeLessThan(60_000);
  });

  test('what it prints can be deployed: a run with it is in the log of an agent that denies the defaults', async () => {
    const options = {
      clientIdPattern: /^(?<jobId>[^_]+)_\d+$/,
      wrongClientId: 'deny-silently',
      payloadCase: 'Pascal',
      payloadUnknown: 'drop-record',
    } as const;
    const { report } = await diagnose({ agent: options, args: () => ['--calibrate'] });
    const file = join(newFolder(), 'config.json');
    writeFileSync(file, JSON.stringify(report.calibration?.configuration), { mode: 0o600 });
    const again = await diagnose({ agent: options, args: () => ['--config', file] });
    expect(again.report.firstFailed).toBeNull();
    const step = again.report.steps.find(({ id }) => id === 'log');
    expect(step).toMatchObject({ result: 'ok', saw: expect.stringContaining('[Warning] probe: Marker') });
  });

  test.each<readonly [string, Partial<AgentOptions>, RegExp]>([
    [
      'no client id is accepted',
      { clientIdPattern: /^unlike anything (?<jobId>.+)$/ },
      /broker refused all of them/,
    ],
    [
      'nothing arrives',
      { clientIdPattern: /^unlike anything (?<jobId>.+)$/, wrongClientId: 'deny-silently' },
      /a record in the agent's log/,
    ],
  ])('says which proof is missing when %s', async (_, agent, missing) => {
    const { report, run } = await diagnose({ agent, args: () => ['--calibrate'] });
    expect(report.calibration).toMatchObject({
      configuration: null,
      missing: expect.stringMatching(missing),
    });
    expect({ first: report.firstFailed, code: run.exitCode }).toEqual({ first: 'calibration', code: 77 });
  });

  test("without a readable log, the broker's answer on the probe topic shows the client id", async () => {
    const options = {
      clientIdPattern: /^(?<jobId>[^_]+)_\d+$/,
      wrongClientId: 'deny-silently',
      logFolder: 'Elsewhere',
      logPathInSettings: false,
    } as const;
    const { report, run } = await diagnose({ agent: options, args: () => ['--calibrate'] });
    expect(report.calibration).toMatchObject({
      configuration: { clientIdTemplate: '{jobId}_{pid}', mqttVersion: '5' },
      proof: expect.stringContaining('probe topic'),
      missing: expect.stringContaining("a record in the agent's log"),
    });
    expect({ failed: report.firstFailed, code: run.exitCode }).toEqual({ failed: null, code: 0 });
  });

  test('leaves few lines where nothing needs to be calibrated, and prints text', async () => {
    const agent = await agentWithDoctor({}, ['--calibrate']);
    const run = await agent.runJob(DOCTOR_JOB);
    await agent.stop();
    expect(run.tasks[0]?.stdout).toMatch(
      /Configuration to deploy with --config:\n\{\n {2}"clientIdTemplate"/,
    );
    expect(agent.records.length).toBeLessThan(70);
  });
});
