/**
 * An agent that acknowledges records and drops them: the run notices, or says that it cannot know, and nothing is lost. Once the mistake is
 * corrected, the next run delivers everything once.
 */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { AgentOptions, LocalAgent } from '../../../scripts/local-agent/index.ts';
import { posix, testWith } from '../../tool.ts';
import { agentWithJob, cleanUp, jobId, newFolder, recordsOf } from '../probe-under-test.ts';

afterEach(cleanUp);

const PROBE_TOPIC = `Jobs/${jobId}/probe`;
const ITEMS = 3;

interface Job {
  readonly tasks: readonly [{ arguments: string }];
  readonly mqttTopics: { allowedPublications: string[]; allowedSubscriptions: string[] };
}

/** Changes the job's document, as an administrator would. */
function editJob(agent: LocalAgent, edit: (job: Job) => void): void {
  const path = join(agent.root, 'Jobs', `${jobId}.json`);
  const job: Job = JSON.parse(readFileSync(path, 'utf8'));
  edit(job);
  writeFileSync(path, JSON.stringify(job));
  agent.reloadJobs();
}

/** An agent with a job that declares these topics. */
async function agentWith(
  args: readonly string[],
  options: Partial<AgentOptions> = {},
  topics: readonly string[] = ['KeeperLogger', PROBE_TOPIC],
  items = ITEMS,
): Promise<LocalAgent> {
  const agent = await agentWithJob([`--store=${items}`, ...args], options);
  editJob(agent, (job) => {
    job.mqttTopics.allowedPublications = [...topics];
  });
  return agent;
}

/** Other users may write it: it proves nothing. */
function distrustLog(agent: LocalAgent): void {
  chmodSync(agent.logFile, 0o666);
}

/** Runs the job. @returns its exit code and what it has written to standard error */
async function runOnce(agent: LocalAgent) {
  const { exitCode, tasks } = await agent.runJob(jobId);
  return { code: exitCode, line: tasks[0]?.stderr.split('\n')[0] ?? '' };
}

const countOf = (agent: LocalAgent, name: string) =>
  recordsOf(agent).filter(({ event }) => event === name).length;
const itemsOf = (agent: LocalAgent) =>
  recordsOf(agent)
    .filter(({ event }) => event === 'probe.item')
    .map(({ data }) => Number(data['number']));
const proofOf = (agent: LocalAgent) =>
  recordsOf(agent).findLast(({ event }) => event === 'run.ended')?.data['confirmedBy'];

/** A mistake that an agent punishes with silence, and its correction. */
interface Mistake {
  readonly name: string;
  readonly args?: readonly string[];
  readonly options?: Partial<AgentOptions>;
  readonly topics?: readonly string[];
  readonly correct: (agent: LocalAgent) => void;
}

const clientId: Mistake = {
  name: 'a client id in another format',
  args: ['--client-id-template=other'],
  options: { wrongClientId: 'deny-silently' },
  correct: (agent) =>
    editJob(agent, ({ tasks: [task] }) => {
      task.arguments = task.arguments.replace('--client-id-template=other', '');
    }),
};
const topicList: Mistake = {
  name: 'a job that does not declare KeeperLogger',
  topics: [PROBE_TOPIC],
  correct: (agent) =>
    editJob(agent, (job) => {
      job.mqttTopics.allowedPublications = ['KeeperLogger', PROBE_TOPIC];
    }),
};
const droppedTopic: Mistake = {
  name: 'an agent that drops what is declared',
  options: { faults: { denySilently: 'topic' } },
  correct: (agent) => {
    agent.faults.denySilently = undefined;
  },
};

const droppedUnstated: Mistake = {
  ...droppedTopic,
  name: 'an agent that drops what is declared, and does not say where its log is',
  options: { ...droppedTopic.options, logPathInSettings: false },
};

const cases: readonly (readonly [Mistake, version: string, log: string, code: number, proof: string])[] = [
  [clientId, '5', 'a readable log', 77, 'log'],
  [clientId, '5', 'a log that proves nothing', 74, 'probe'],
  [clientId, '3.1.1', 'a readable log', 74, 'log'],
  [clientId, '3.1.1', 'a log that proves nothing', 0, 'none'],
  [topicList, '5', 'a readable log', 77, 'log'],
  [topicList, '5', 'a log that proves nothing', 77, 'probe'],
  [topicList, '3.1.1', 'a readable log', 77, 'log'],
  [topicList, '3.1.1', 'a log that proves nothing', 77, 'none'],
  [droppedTopic, '5', 'a readable log', 74, 'log'],
  [droppedTopic, '3.1.1', 'a readable log', 74, 'log'],
  [droppedUnstated, '5', 'a readable log', 74, 'log'],
];

describe('an agent that acknowledges records and drops them', () => {
  for (const [mistake, version, log, code, proof] of cases) {
    const title = `${mistake.name}, MQTT ${version}, ${log}: ${code}, and all arrive once it is corrected`;
    testWith(posix)(title, async () => {
      const { args = [], options, topics, correct } = mistake;
      const agent = await agentWith([`--mqtt-version=${version}`, ...args], options, topics);
      if (log !== 'a readable log') distrustLog(agent);
      const failed = await runOnce(agent);
      expect(failed.code).toBe(code);
      expect(failed.line).toMatch(
        code === 0
          ? /there is no proof that the agent accepted/
          : /allowedPublications.*client-id-template.*doctor/,
      );
      expect(recordsOf(agent)).toEqual([]);

      correct(agent);
      expect((await runOnce(agent)).code).toBe(0);
      expect(itemsOf(agent)).toEqual([1, 2, 3]);
      expect(proofOf(agent)).toBe(proof);
      // Without any sign of a failure, only important records are kept.
      if (code !== 0) expect(countOf(agent, 'run.started')).toBe(2);

      expect((await runOnce(agent)).code).toBe(0);
      expect(itemsOf(agent)).toEqual([1, 2, 3]);
    });
  }
});

test.each([
  ['that drops records', { denySilently: 'topic' }],
  ['that cannot write its log', { log: 'disk-full' }],
] as const)(
  'an agent %s in several runs: each says so, and the next one delivers everything',
  async (_, faults) => {
    const written: string[] = [];
    const agent = await agentWith([], { faults, onLogLine: (line) => written.push(line) });
    for (let run = 1; run <= 3; run += 1) {
      const { code, line } = await runOnce(agent);
      expect({ run, code }).toEqual({ run, code: 74 });
      expect(line).toMatch(/there is no proof that the agent accepted.*doctor/);
    }
    Object.assign(agent.faults, { denySilently: undefined, log: undefined });
    expect(await runOnce(agent)).toEqual({ code: 0, line: '' });
    expect(await runOnce(agent)).toEqual({ code: 0, line: '' });
    const items = written
      .map((line) => /Item: number=(\d)/.exec(line)?.[1])
      .filter((item) => item !== undefined);
    expect(items).toEqual(['1', '2', '3']);
  },
);

describe('an agent that accepts records', () => {
  test('proves it with its log, and nothing is repeated', async () => {
    const agent = await agentWith([]);
    for (let run = 1; run <= 3; run += 1) expect(await runOnce(agent)).toEqual({ code: 0, line: '' });
    expect(itemsOf(agent)).toEqual([1, 2, 3]);
    const proofs = recordsOf(agent).filter(({ event }) => event === 'run.ended');
    // Later runs have nothing that must be in the log.
    expect(proofs.map(({ data }) => data['confirmedBy'])).toEqual(['log', 'probe', 'probe']);
    expect(agent.audit).toEqual([]);
  });

  test('and never reports a missing subscriber is asked with a record of its own, once', async () => {
    const agent = await agentWith([], { acknowledge: 'always-success' }, undefined, 0);
    for (let run = 1; run <= 3; run += 1) expect((await runOnce(agent)).code).toBe(0);
    expect(countOf(agent, 'delivery.check')).toBe(1);
  });

  test.each([
    ['speaks MQTT 3.1.1 only', {}],
    ['speaks MQTT 3.1.1 only, and closes other connections', { unsupportedVersion: 'close' }],
  ] as const)('and %s is spoken to in that version', async (_, options) => {
    const agent = await agentWith([], { ...options, mqttVersions: ['3.1.1'] });
    expect((await runOnce(agent)).code).toBe(0);
    const connected = recordsOf(agent).find(({ event }) => event === 'agent.broker-connected');
    expect(connected?.data).toMatchObject({ mqttVersion: '3.1.1' });
    expect(itemsOf(agent)).toEqual([1, 2, 3]);
  });
});

testWith(posix)('a subscription to KeeperLogger is proof where the log is not', async () => {
  const agent = await agentWith(['--mqtt-version=3.1.1', '--confirm-subscription']);
  distrustLog(agent);
  const wrong = await runOnce(agent);
  expect(wrong.line).toMatch(/there is no proof that the agent accepted/);
  editJob(agent, (job) => {
    job.mqttTopics.allowedSubscriptions = ['KeeperLogger'];
  });
  expect(await runOnce(agent)).toEqual({ code: 0, line: '' });
  expect(proofOf(agent)).toBe('subscription');
});

describe('an agent that no longer recognises the run after a restart', () => {
  test.each(['5', '3.1.1'])(
    'MQTT %s: what the first connection has proved does not count',
    async (version) => {
      let restarted: Promise<void> | undefined;
      const agent = await agentWith([`--mqtt-version=${version}`, '--work=2000ms'], {
        onLogLine: (line) => {
          if (!line.includes('Item')) return;
          restarted ??= agent.restartBroker().then(() => {
            agent.faults.denySilently = 'topic';
          });
        },
      });
      const { code, line } = await runOnce(agent);
      await restarted;
      expect(code).toBe(74);
      expect(line).toMatch(/allowedPublications.*client-id-template.*doctor/);
      expect(countOf(agent, 'run.summary')).toBe(0);

      agent.faults.denySilently = undefined;
      expect((await runOnce(agent)).code).toBe(0);
      expect(countOf(agent, 'run.summary')).toBe(2);
    },
  );

  test('what the second connection proves does not count for the first', async () => {
    const agent = await agentWith(['--work=3000ms'], { faults: { denySilently: 'topic' } });
    const run = runOnce(agent);
    await new Promise((resolve) => {
      setTimeout(resolve, 2000);
    });
    await agent.restartBroker();
    agent.faults.denySilently = undefined;
    const { code } = await run;
    expect(code).toBe(74);
    expect((await runOnce(agent)).code).toBe(0);
    expect(itemsOf(agent)).toEqual([1, 2, 3]);
  });

  test('MQTT 3.1.1: the subscription begins anew, and a record must come back through it', async () => {
    let restarted: Promise<void> | undefined;
    const agent = await agentWith(['--mqtt-version=3.1.1', '--confirm-subscription', '--work=2000ms'], {
      onLogLine: (line) => {
        if (line.includes('Item')) restarted ??= agent.restartBroker();
      },
    });
    editJob(agent, (job) => {
      job.mqttTopics.allowedSubscriptions = ['KeeperLogger'];
    });
    expect((await runOnce(agent)).code).toBe(0);
    expect(proofOf(agent)).toMatch(/log|subscription/);
  });
});

test('an agent whose logger is not listening: 69, and the next run delivers everything', async () => {
  const agent = await agentWith([], { faults: { log: 'not-listening' } });
  const { code, line } = await runOnce(agent);
  expect(code).toBe(69);
  expect(line).toMatch(/logger is not listening on KeeperLogger.*the next run will send them/);
  agent.faults.log = undefined;
  expect((await runOnce(agent)).code).toBe(0);
  expect(itemsOf(agent)).toEqual([1, 2, 3]);
  expect(countOf(agent, 'run.started')).toBe(2);
});

testWith(posix)(
  'without any proof, important records are repeated after --remind-unconfirmed, and a proof ends it',
  async () => {
    const agent = await agentWith(['--mqtt-version=3.1.1', '--remind-unconfirmed=1s'], {
      root: newFolder('agent'),
    });
    distrustLog(agent);
    expect((await runOnce(agent)).line).toMatch(
      /there is no proof that the agent accepted.*--remind-unconfirmed/,
    );
    await new Promise((resolve) => {
      setTimeout(resolve, 1100);
    });
    await runOnce(agent);
    expect(itemsOf(agent)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(new Set(recordsOf(agent).map(({ id }) => id)).size).toBe(recordsOf(agent).length - ITEMS - 1);
  },
);

test('a record that version 0.1.0 has left is proved by one that serves only this purpose', async () => {
  const agent = await agentWith(['--mqtt-version=3.1.1'], {}, undefined, 0);
  expect(await runOnce(agent)).toEqual({ code: 0, line: '' });
  const store = new DatabaseSync(join(agent.root, 'state', 'state.db'));
  store
    .prepare("INSERT INTO spool (topic, payload, important, owner) VALUES ('KeeperLogger', ?, 1, '')")
    .run(JSON.stringify({ level: 'Warning', message: 'left', source: 'probe', event: 'old' }));
  store.close();
  expect(await runOnce(agent)).toEqual({ code: 0, line: '' });
  expect(proofOf(agent)).toBe('log');
  expect(countOf(agent, 'old')).toBe(1);
  expect(countOf(agent, 'delivery.check')).toBe(1);
});

test('--retell announces everything once more', async () => {
  const agent = await agentWith([]);
  await runOnce(agent);
  editJob(agent, ({ tasks: [task] }) => {
    task.arguments = `${task.arguments} --retell`;
  });
  await runOnce(agent);
  expect(itemsOf(agent)).toEqual([1, 2, 3, 1, 2, 3]);
});
