import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type Environment, loadConfig } from '../../../src/host/config/index.ts';
import { errorKind } from '../../../src/host/exit/task-error.ts';
import { hostExits } from '../../../src/host/exit/exit-table.ts';
import type { Task } from '../../../src/host/task/task.ts';

const task: Task = {
  name: 'try-it',
  description: 'Tries it.',
  options: z.object({
    places: z.array(z.string()).default([]).meta({ description: 'Where', positional: true }),
    leaveOut: z.array(z.string()).default([]).meta({ description: 'What not', placeholder: 'GLOB' }),
    strict: z.boolean().default(false).meta({ description: 'Whether' }),
    failOn: z.enum(['low', 'high']).optional().meta({ description: 'What for' }),
  }),
  events: [],
  reportFormats: { json: { title: 'JSON', extensions: ['.json'] } },
  exitCodes: [{ name: 'too-many', code: 20, meaning: 'too many', kind: 'verdict' }],
  execute: () => Promise.reject(new Error('not run')),
};

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: unknown): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function config(argv: string[], env: Environment = {}) {
  const loaded = await loadConfig(argv, env, task, '1.2.3', { elevated: false });
  if ('text' in loaded) throw new Error(loaded.text);
  return loaded.config;
}

async function failure(argv: string[], env: Environment = {}): Promise<string> {
  try {
    await loadConfig(argv, env, task, '1.2.3', { elevated: false });
  } catch (error) {
    return `${errorKind(error)}: ${String(error)}`;
  }
  return 'no failure';
}

describe('configuration', () => {
  test('flags win over variables, variables over the file, the file over defaults', async () => {
    const path = file({ maxDuration: '1m', logLevel: 'Error', strict: true, failOn: 'low' });
    const env = { TRY_IT_MAX_DURATION: '2m', TRY_IT_LOG_LEVEL: 'warning' };
    const {
      maxDuration,
      logLevel,
      mqttVersion,
      task: own,
    } = await config(['--dry-run', '--max-duration=3m', `--config=${path}`], env);
    expect({ maxDuration, logLevel, mqttVersion, strict: own['strict'], failOn: own['failOn'] }).toEqual({
      maxDuration: 180_000,
      logLevel: 'Warning',
      strict: true,
      failOn: 'low',
      mqttVersion: 'auto',
    });
  });

  test('lists come from repeated flags, positionals, path-like variables and arrays', async () => {
    const flags = await config(['a', '--dry-run', '--leave-out=x', '--leave-out', 'y', 'b', '--', '--c']);
    expect(flags.task).toMatchObject({ places: ['a', 'b', '--c'], leaveOut: ['x', 'y'] });
    const variable = await config(['--dry-run'], { TRY_IT_PLACES: ['/a', '/b c'].join(delimiter) });
    expect(variable.task['places']).toEqual(['/a', '/b c']);
    const fromFile = await config(['--dry-run', '--config', file({ places: ['/d'] })]);
    expect(fromFile.task['places']).toEqual(['/d']);
  });

  test('names an option as it was set when the work finds its value wrong', async () => {
    const wrong = async (argv: string[], env: Environment = {}) => {
      const error = (await config(['--dry-run', ...argv], env)).wrongValue('leaveOut', 'there is no x');
      return `${errorKind(error)}: ${error.message}`;
    };
    expect(await wrong(['--leave-out=x'])).toBe('usage: --leave-out: there is no x');
    expect(await wrong([], { TRY_IT_LEAVE_OUT: 'x' })).toBe('config: TRY_IT_LEAVE_OUT: there is no x');
    expect(await wrong([`--config=${file({ leaveOut: 'x' })}`])).toBe(
      'config: "leaveOut" in the configuration file: there is no x',
    );
  });

  test('is frozen, and the environment gives the job', async () => {
    const env = { KEEPER_JOB_ID: 'nightly', KEEPER_JOB_NAME: 'Nightly' };
    const loaded = await config(['--keeper-api-base=https://127.0.0.1:6889/'], env);
    expect(loaded).toMatchObject({ jobId: 'nightly', jobName: 'Nightly', dryRun: false });
    expect(Object.isFrozen(loaded)).toBe(true);
  });

  test.each([
    [['--leave-uot=x'], {}, /^usage: .*leave-uot/],
    [['--report'], {}, /^usage: .*report/],
    [['--state-dir=a', '--state-dir=b'], {}, /^usage: .*--state-dir is given more than once/],
    [['--dry-run=yes'], {}, /^usage: .*--dry-run takes no value/],
    [['--dry-run', '--max-duration=1 hour'], {}, /^usage: .*--max-duration: .*90s, 15m or 2h/],
    [['--dry-run', '--max-duration=0s'], {}, /^usage: .*--max-duration/],
    [['--dry-run', '--log-level=loud'], {}, /^usage: .*--log-level/],
    [['--dry-run', '--client-id-template={jobid}'], {}, /^usage: .*--client-id-template: unknown token/],
    [
      ['--dry-run', '--client-id-template=a\u0000b'],
      {},
      /^usage: .*--client-id-template: .*control characters/,
    ],
    [['--dry-run', '--broker=192.0.2.1:8675'], {}, /^usage: .*--broker: expected HOST:PORT of this machine/],
    [['--dry-run', '--broker=127.0.0.1'], {}, /^usage: .*--broker/],
    [['--dry-run'], { TRY_IT_BROKER: 'localhost:0' }, /^config: .*TRY_IT_BROKER: expected HOST:PORT/],
    [['--dry-run'], { TRY_IT_RETELL: 'perhaps' }, /^config: .*TRY_IT_RETELL: expected true or false$/],
    [['--dry-run', '--settings-request=one'], {}, /^usage: .*--settings-request/],
    [['--dry-run', '--tls-server-name=a b', '--ca-file=x'], {}, /^usage: .*--tls-server-name/],
    [
      ['--dry-run', '--tls-server-name=agent'],
      {},
      /^config: .*--tls-server-name has no effect without --ca-file/,
    ],
    [['--dry-run', '--mqtt-password-file=x'], {}, /^config: .*--mqtt-password-file needs --mqtt-user/],
    [['--dry-run', '--mqtt-user=a\nb'], {}, /^usage: .*--mqtt-user/],
    [['--dry-run'], { KEEPER_TASK_ID: 'a\u2028b' }, /^config: .*KEEPER_TASK_ID/],
    [['--job-id=x'], {}, /^usage: .*job-id/],
    [['--dry-run'], { TRY_IT_STRICT: 'maybe' }, /^config: .*TRY_IT_STRICT/],
    [['--dry-run'], { TRY_IT_STRIKT: '1' }, /^config: .*TRY_IT_STRIKT/],
    [['--dry-run', '--config=/does/not/exist.json'], {}, /^config: .*exist\.json/],
    [[], {}, /^config: .*KEEPER_JOB_ID is not set/],
  ] as [string[], Environment, RegExp][])('%j with %j is refused', async (argv, env, expected) => {
    expect(await failure(argv, env)).toMatch(expected);
  });

  test.each([
    ['{', /is not valid JSON/],
    ['[]', /expected a JSON object/],
    [{ maxDuraton: '1m' }, /unknown key "maxDuraton"; did you mean "maxDuration"\?/],
    [{ jobId: 'x' }, /unknown key "jobId"/],
    // A value of a file is not repeated.
    [{ failOn: 'lwo' }, /"failOn" in the configuration file: expected one of low, high; did you mean low\?$/],
    [{ strict: 'yes' }, /"strict" in the configuration file/],
    [
      { payload: { names: { level: 7 } } },
      /"payload.names.level" in the configuration file: expected a name/,
    ],
    [{ payload: { names: { event: true } } }, /"payload.names.event" .*: expected a name .* or false/],
    [{ payload: { names: { message: false } } }, /"payload.names.message"/],
    [{ payload: { names: { lvl: 'x' } } }, /"payload.names" .*: expected an object with level, message/],
    [{ payload: { names: { level: 'a..b' } } }, /"payload.names.level" .*: expected a name of 1 to 100/],
    [
      { payload: { names: { level: 'x', message: 'x' } } },
      /"payload" .*: message and level have the same name/,
    ],
    [
      { payload: { names: { data: 'a' }, constants: { 'a.b': 1 } } },
      /a constant and data have the same name/,
    ],
    [{ payload: { levels: { Loud: 1 } } }, /"payload.levels" .*: expected an object with Trace, Debug/],
    [
      { payload: { levels: { Warning: 1.5 } } },
      /"payload.levels.Warning" .*: expected a text .* whole number/,
    ],
    [{ payload: { constants: { a: [1] } } }, /"payload.constants.a" .*: expected a text/],
    [{ broker: 8675 }, /"broker" in the configuration file/],
  ])('a file with %j is refused', async (content, expected) => {
    const said = await failure(['--dry-run', `--config=${file(content)}`]);
    expect(said).toMatch(/^config: /);
    expect(said).toMatch(expected);
  });

  test('texts that are too long are refused', async () => {
    expect(await failure([`--keeper-api-base=${'x'.repeat(2001)}`])).toMatch(
      /^usage: .*--keeper-api-base: expected at most 2,000/,
    );
    const withConstants = (constants: object) =>
      failure(['--dry-run', `--config=${file({ payload: { constants } })}`]);
    expect(await withConstants({ a: 'x'.repeat(501) })).toMatch(
      /"payload.constants.a" .*: expected at most 500/,
    );
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, 'x'.repeat(499)]));
    expect(await withConstants(many)).toMatch(/"payload" .*: names and constants take more than 2,048 bytes/);
  });

  test('a byte order mark does not make a file no JSON', async () => {
    expect((await config(['--dry-run', `--config=${file('\uFEFF{"strict":true}')}`])).task).toMatchObject({
      strict: true,
    });
  });

  test('--help names every flag, the variables and every exit code', async () => {
    const loaded = await loadConfig(['--help'], {}, task, '1.2.3', { elevated: false });
    const help = 'text' in loaded ? loaded.text : '';
    for (const flag of [
      '--dry-run',
      '--report',
      '--leave-out',
      '--mqtt-version',
      '[places..]',
      'TRY_IT_MAX_DURATION',
    ]) {
      expect(help).toContain(flag);
    }
    for (const { code, meaning } of [...hostExits, ...(task.exitCodes ?? [])])
      expect(help).toContain(`${code}  ${meaning}`);
    expect(help).not.toMatch(/--job-id|payload/);
  });
});

describe('the link to the agent', () => {
  const env = { KEEPER_JOB_ID: 'nightly' };

  test.each(['{KeeperApiBaseUrl}', '', 'http://127.0.0.1', 'https://example.com', 'https://u:p@127.0.0.1'])(
    'the address of the API may be %j: it is looked for elsewhere',
    async (address) => {
      expect((await config([`--keeper-api-base=${address}`], env)).keeperApiBase).toBe(address);
      expect((await config([], env)).keeperApiBase).toBeUndefined();
    },
  );

  test('has options for what is not documented, from flags, variables and the file', async () => {
    const flags = await config(
      [
        '--broker=[::1]:8675',
        '--mqtt-user=job',
        '--mqtt-password-file=/p',
        '--ca-file=/ca',
        '--tls-server-name=localhost',
        '--settings-request=EACH',
        '--agent-root=/opt/agent',
        '--client-id-template={program}-{host}-{taskId}-{uuid}-{time}',
      ],
      { ...env, KEEPER_TASK_ID: 'run-it' },
    );
    expect(flags).toMatchObject({
      broker: { address: '::1', port: 8675 },
      mqttUser: 'job',
      mqttPasswordFile: '/p',
      tlsServerName: 'localhost',
      settingsRequest: 'each',
      agentRoot: '/opt/agent',
      taskId: 'run-it',
    });
    const fromFile = file({ broker: '127.0.0.1:1', settingsRequest: 'each', logLevel: 'Trace', taskId: 'x' });
    expect(await config([`--config=${fromFile}`], { ...env, TRY_IT_BROKER: 'localhost:2' })).toMatchObject({
      broker: { address: '127.0.0.1', port: 2 },
      settingsRequest: 'each',
      logLevel: 'Trace',
      taskId: 'x',
    });
  });

  test('the form of records: names, levels and constants, each with a default', async () => {
    const payload = { names: { level: 'Log.Level', id: false }, levels: { Warning: 'WARN', Error: 4 } };
    const loaded = await config(['--dry-run', `--config=${file({ payload })}`]);
    expect(loaded.payload).toMatchObject({
      names: { level: 'Log.Level', message: 'message', id: false, data: 'data' },
      levels: { Warning: 'WARN', Error: 4 },
      constants: {},
    });
  });
});

test('a value of the file whose length is no number is refused by its name', async () => {
  const odd = { length: { toString: 1, valueOf: 1 } };
  for (const key of ['stateDir', 'report', 'caFile', 'clientIdTemplate']) {
    expect(await failure(['--dry-run', '--config', file({ [key]: odd })])).toMatch(
      `"${key}" in the configuration file`,
    );
  }
  expect(await failure(['--dry-run', '--config', file({ payload: { names: { level: odd } } })])).toMatch(
    /"payload.names.level" in the configuration file/,
  );
});

test('--agent-user is a name, a uid or "any"', async () => {
  for (const user of ['keeper', '_svc-keeper$', '1001', 'any']) {
    expect((await config(['--dry-run', `--agent-user=${user}`])).agentUser).toBe(user);
  }
  for (const user of ['', 'a b', '-1', '1x', 'a:b', '\u202e']) {
    expect(await failure(['--dry-run', `--agent-user=${user}`])).toMatch(/^usage: .*agent-user/i);
  }
});
