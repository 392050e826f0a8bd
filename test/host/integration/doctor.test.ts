/** `doctor` under every fault and configuration of the local agent: the right first cause, and its exit code. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type LocalAgent, settingsShapes } from '../../../scripts/local-agent/index.ts';
import { Authority } from '../../../scripts/local-agent/tls/authority.ts';
import type { StepReport } from '../../../src/host/commands/doctor/steps/step.ts';
import { type Diagnosed, type Diagnosis, DOCTOR_JOB, agentWithDoctor, diagnose } from '../doctor-support.ts';
import { cleanUp } from '../program-under-test.ts';

afterAll(cleanUp);

const withTopics =
  (...topics: readonly string[]): NonNullable<Diagnosis['document']> =>
  (document) => ({ ...document, mqttTopics: { allowedPublications: topics, allowedSubscriptions: [] } });
const allTopics = ['KeeperLogger', `Jobs/${DOCTOR_JOB}/probe`];
/** Without the probe topic, which the job has otherwise. */
const unprobed: NonNullable<Diagnosis['document']> = (document) =>
  JSON.parse(JSON.stringify(document).replace(/ --probe-topic=[^ "]*/, ''));
/** Ids that no client of the default template has. */
const otherIds = { clientIdPattern: /^agent-(?<jobId>.+)$/ };
const args =
  (...list: readonly string[]) =>
  () =>
    list;
const soon = '--agent-timeout=2s';
const trusting = ({ certificates }: LocalAgent) => ['--ca-file', certificates.ca];

const stepOf = ({ report }: Diagnosed, id: string): StepReport => {
  const step = report.steps.find((each) => each.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step;
};

type Row = readonly [name: string, first: string, code: number, diagnosis: Diagnosis];

const faults: readonly Row[] = [
  ['settings: 401', 'tier', 77, { agent: { faults: { settings: 401 } } }],
  ['settings: 403', 'tier', 77, { agent: { faults: { settings: 403 } } }],
  ['settings: 404', 'settings', 76, { agent: { faults: { settings: 404 } } }],
  ['settings: 500', 'settings', 69, { agent: { faults: { settings: 500 } } }],
  ['settings: garbage', 'settings', 76, { agent: { faults: { settings: 'garbage' } } }],
  ['settings: redirect', 'settings', 76, { agent: { faults: { settings: 'redirect' } } }],
  ['settings: trickle', 'settings', 69, { agent: { faults: { settings: 'trickle' } }, args: args(soon) }],
  ['settings: hang', 'settings', 69, { agent: { faults: { settings: 'hang' } }, args: args(soon) }],
  ['broker: refuse', 'broker-port', 69, { agent: { faults: { broker: 'refuse' } } }],
  ['broker: not-authorised', 'broker-accepts', 77, { agent: { faults: { broker: 'not-authorised' } } }],
  ['broker: hang', 'broker-accepts', 69, { agent: { faults: { broker: 'hang' } }, args: args(soon) }],
  ['broker: no-ack', 'publication', 69, { agent: { faults: { broker: 'no-ack' } }, args: args(soon) }],
  [
    'dropAfterPackets: 1',
    'publication',
    69,
    { agent: { faults: { dropAfterPackets: 1 } }, args: args(soon) },
  ],
  [
    'closeAfterPublishes: 1',
    'publication',
    69,
    { agent: { faults: { closeAfterPublishes: 1 } }, args: args(soon) },
  ],
  [
    'certificate: expired',
    'certificate',
    69,
    { agent: { faults: { certificate: 'expired' } }, args: trusting },
  ],
  [
    'certificate: other-host',
    'certificate',
    69,
    { agent: { faults: { certificate: 'other-host' } }, args: trusting },
  ],
  ['log: disk-full', 'log', 74, { agent: { faults: { log: 'disk-full' } } }],
  ['log: disk-full, not probed', 'log', 74, { document: unprobed, agent: { faults: { log: 'disk-full' } } }],
  ['log: not-listening', 'publication', 69, { agent: { faults: { log: 'not-listening' } } }],
  ['denySilently: topic', 'log', 74, { agent: { faults: { denySilently: 'topic' } } }],
  ['denySilently: client-id', 'log', 77, { agent: { faults: { denySilently: 'client-id' }, ...otherIds } }],
  [
    'denySilently: client-id, not probed',
    'log',
    74,
    { document: unprobed, agent: { faults: { denySilently: 'client-id' }, ...otherIds } },
  ],
];

const configurations: readonly Row[] = [
  ['requireSignature', 'tier', 77, { agent: { requireSignature: true } }],
  ['brokerCredentials', 'broker-accepts', 77, { agent: { brokerCredentials: { user: 'u', password: 'p' } } }],
  ['clientIdPattern', 'broker-accepts', 77, { agent: otherIds }],
  [
    'strict, with a document that the agent has not read again',
    'publication',
    77,
    { agent: { strict: true }, document: withTopics('Jobs/other'), later: withTopics(...allTopics) },
  ],
  [
    'the same, denied silently',
    'log',
    77,
    { document: withTopics('Jobs/other'), later: withTopics(...allTopics) },
  ],
  ['minimumLevel', 'minimum-level', 78, { agent: { minimumLevel: 'Error' } }],
  [
    'mqttVersions',
    'broker-accepts',
    76,
    { agent: { mqttVersions: ['3.1.1'] }, args: args('--mqtt-version=5') },
  ],
  [
    'payloadUnknown: drop-record',
    'log',
    74,
    { agent: { payloadCase: 'Pascal', payloadUnknown: 'drop-record' } },
  ],
  [
    'apiBaseUrl: literal, no appsettings.json',
    'port',
    69,
    { agent: { apiBaseUrl: 'literal', appSettings: false } },
  ],
];

const onThisSide: readonly Row[] = [
  ['an argument that is wrong', 'configuration', 64, { args: args('--agent-timeout=never') }],
  ['a CA file that is missing', 'configuration', 78, { args: args('--ca-file=/does/not/exist') }],
  [
    'the CA file of another agent',
    'certificate',
    69,
    { args: ({ root }) => ['--ca-file', join(root, 'other.crt')], prepare: otherAuthority },
  ],
  [
    'another name than the certificate has',
    'certificate',
    69,
    { args: (agent) => [...trusting(agent), '--tls-server-name=agent.example.com'] },
  ],
  ['no topics', 'environment', 78, { document: withTopics() }],
  ['KeeperLogger not declared', 'job-document', 78, { document: withTopics('Jobs/other') }],
  [
    'a state directory that is open to others',
    'state-directory',
    73,
    {
      prepare: ({ root }) => {
        mkdirSync(join(root, 'state'));
        chmodSync(join(root, 'state'), 0o755);
      },
    },
  ],
];

/** A certificate authority that has signed nothing of this agent. */
async function otherAuthority({ root }: LocalAgent): Promise<void> {
  const { certificate } = await Authority.create('another agent');
  writeFileSync(join(root, 'other.crt'), certificate);
}

describe.each([
  ['the local agent has a fault', faults],
  ['the local agent is configured differently', configurations],
  ['the mistake is on this side', onThisSide],
])('doctor names the first cause when %s', (_, rows) => {
  test.each(rows)('%s: %s, %i', async (_name, first, code, diagnosis) => {
    const diagnosed = await diagnose(diagnosis);
    const { report, run, took } = diagnosed;
    expect({ first: report.firstFailed, code: report.exitCode }).toEqual({ first, code });
    expect(run.exitCode).toBe(code);
    const step = stepOf(diagnosed, first);
    expect(step).toMatchObject({ result: 'failed', exitCode: code, means: expect.stringMatching(/\w/) });
    expect(took).toBeLessThan(60_000);
  });
});

/** What a healthy agent on Linux cannot show: it has no signatures. */
const neverChecked = new Set(['signature']);

describe('doctor on an agent in order', () => {
  test('every step is in order, with what was seen', async () => {
    const diagnosed = await diagnose({ agent: { minimumLevel: 'Information' } });
    const { report, run, agent } = diagnosed;
    expect(run.exitCode).toBe(0);
    const others = report.steps.filter(({ result, id }) => result !== 'ok' && !neverChecked.has(id));
    expect(others).toEqual([]);
    expect(report).toMatchObject({ program: 'probe', firstFailed: null, exitCode: 0, os: 'linux' });
    expect(stepOf(diagnosed, 'started-by').saw).toContain(`KEEPER_JOB_ID is ${DOCTOR_JOB}`);
    expect(stepOf(diagnosed, 'certificate').saw).toMatch(/DNS:localhost.*issued by.*SHA-256/);
    expect(stepOf(diagnosed, 'probe-topic').saw).toContain('reason code 16');
    expect(stepOf(diagnosed, 'log').saw).toMatch(/KeeperLogger\.log: .*Warning.*Marker of doctor/);
    // Only the marker: nothing is in need of attention.
    expect(agent.records.map(({ payload }) => payload['event'])).toEqual(['doctor.marker']);
  });

  test.each<readonly [string, Diagnosis, string, RegExp]>([
    ...settingsShapes.map(
      (settingsShape) =>
        [
          `settings that come ${settingsShape}`,
          { agent: { settingsShape, settingsCase: 'Pascal' } },
          'settings',
          /found at .*Broker/,
        ] as const,
    ),
    ['settings one by one', { agent: { settingsRequests: 'each' } }, 'settings', /one by one/],
    [
      'MQTT 3.1.1 only',
      { agent: { mqttVersions: ['3.1.1'], unsupportedVersion: 'close' } },
      'broker-accepts',
      /MQTT 3\.1\.1/,
    ],
    [
      'another place and name of the log',
      {
        agent: {
          logFolder: 'Plugins/bin/KeeperLogger/Log',
          logNaming: 'dated',
          logPathInSettings: false,
        },
      },
      'log',
      /Plugins\/bin\/KeeperLogger\/Log\/KeeperLogger2/,
    ],
    ['a certificate that is checked', { args: trusting }, 'certificate', /accepted by .*ca\.crt/],
    [
      'a certificate of its own, for localhost only',
      { agent: { selfSigned: true, certificateNames: ['localhost'] }, args: trusting },
      'certificate',
      /DNS:localhost; .*; self-signed; .*accepted by/,
    ],
  ])('%s: no step fails, and it says so', async (_, diagnosis, id, saw) => {
    const diagnosed = await diagnose(diagnosis);
    expect(diagnosed.report.firstFailed).toBeNull();
    expect(stepOf(diagnosed, id)).toMatchObject({ result: 'ok', saw: expect.stringMatching(saw) });
  });
});

describe('doctor warns', () => {
  const plugin = (root: string) => {
    mkdirSync(join(root, 'Plugins'), { recursive: true });
    const document = { id: 'other', executablePath: 'Plugins/bin/probe/probe' };
    writeFileSync(join(root, 'Plugins', 'other.json'), JSON.stringify(document));
  };

  test.each<readonly [string, Diagnosis, string, RegExp]>([
    [
      'of an address that was not filled in',
      { agent: { apiBaseUrl: 'literal' } },
      'port',
      /the placeholder \{KeeperApiBaseUrl\}, which the agent has not replaced; KestrelHttpsPort/,
    ],
    [
      'of a probe topic that is denied silently',
      { agent: { faults: { denySilently: `topic:Jobs/${DOCTOR_JOB}/probe` } } },
      'probe-topic',
      /reason code 0/,
    ],
    [
      'of a port that is out of date',
      { agent: { apiBaseUrl: 'wrong-port' } },
      'health',
      /nothing answers at/,
    ],
    [
      'of an expired certificate that a run accepts',
      { agent: { faults: { certificate: 'expired' } } },
      'certificate',
      /valid from/,
    ],
    [
      'of a plugin with the same executable',
      { prepare: ({ root }) => plugin(root) },
      'plugins',
      /other\.json/,
    ],
    [
      'of a broker that never reports missing subscribers',
      { agent: { acknowledge: 'always-success' } },
      'probe-topic',
      /reason code 0/,
    ],
  ])('%s', async (_, diagnosis, id, saw) => {
    const diagnosed = await diagnose(diagnosis);
    expect({ failed: diagnosed.report.firstFailed, code: diagnosed.run.exitCode }).toEqual({
      failed: null,
      code: 0,
    });
    expect(stepOf(diagnosed, id)).toMatchObject({ result: 'warning', saw: expect.stringMatching(saw) });
    const records = diagnosed.agent.records.map(({ payload }) => String(payload['message']));
    expect(records.filter((message) => message.includes(`step=${id}`))).toHaveLength(1);
  });
});

describe('doctor as a command', () => {
  test('prints text for people, without colour where there is no terminal', async () => {
    const agent = await agentWithDoctor({});
    const run = await agent.runJob(DOCTOR_JOB);
    await agent.stop();
    const text = run.tasks[0]?.stdout ?? '';
    expect(text).toMatch(/^probe .* doctor on .*\n\nok {7}Started by the agent +KEEPER_JOB_ID/);
    expect(text).toMatch(/\nNo step failed; warnings: \d+, skipped: \d+\.\n$/);
    expect(text).not.toContain('\u001b');
  });

  test('reports what failed to the log as well', async () => {
    const { agent } = await diagnose({ agent: { faults: { log: 'disk-full' } } });
    const failed = agent.records.filter(({ payload }) => payload['event'] === 'doctor.failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.payload).toMatchObject({ level: 'Error', data: { step: 'log' } });
  });

  test('logs in to the broker, and shows the password nowhere', async () => {
    const { agent, report, run } = await diagnose({
      agent: { brokerCredentials: { user: 'doctor', password: 'not-to-be-seen' } },
      args: ({ root }) => ['--mqtt-user=doctor', `--mqtt-password-file=${join(root, 'password')}`],
      prepare: ({ root }) => writeFileSync(join(root, 'password'), 'not-to-be-seen\n', { mode: 0o600 }),
    });
    expect(report.firstFailed).toBeNull();
    expect(JSON.stringify([run.tasks, agent.records])).not.toContain('not-to-be-seen');
  });

  test('creates no state directory', async () => {
    const agent = await agentWithDoctor({}, ['--json']);
    const { exitCode } = await agent.runJob(DOCTOR_JOB);
    await agent.stop();
    expect({ exitCode, isThere: existsSync(join(agent.root, 'state')) }).toEqual({
      exitCode: 0,
      isThere: false,
    });
  });
});
