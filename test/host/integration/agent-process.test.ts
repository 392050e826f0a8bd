import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { layOutJob } from '../../../scripts/local-agent/index.ts';
import { splitArguments } from '../../../scripts/local-agent/jobs/argument-line.ts';
import { agentWith, cleanUpAgents, eventually, newFolder, nodeScript, told } from './agent-support.ts';

afterEach(cleanUpAgents);

const tellArguments = nodeScript('tell(process.argv.slice(2));');

describe('the command line of a task', () => {
  // The examples of "Parsing C++ command-line arguments", and .NET's own tests of ProcessStartInfo.Arguments.
  test.each<[string, string[]]>([
    ['', []],
    ['  \t ', []],
    ['a b\tc', ['a', 'b', 'c']],
    ['"a b c" d e', ['a b c', 'd', 'e']],
    [String.raw`"ab\"c" "\\" d`, ['ab"c', '\\', 'd']],
    [String.raw`a\\\b d"e f"g h`, [String.raw`a\\\b`, 'de fg', 'h']],
    [String.raw`a\\\"b c d`, [String.raw`a\"b`, 'c', 'd']],
    [String.raw`a\\\\"b c" d e`, [String.raw`a\\b c`, 'd', 'e']],
    ['a"b"" c d', ['ab" c d']],
    ['"" x ""', ['', 'x', '']],
    ["'a b' $HOME *", ["'a", "b'", '$HOME', '*']],
    [String.raw`C:\Program Files\x`, [String.raw`C:\Program`, String.raw`Files\x`]],
  ])('%j is split into %j', (line, expected) => {
    expect(splitArguments(line)).toEqual(expected);
  });

  test('tokens are replaced before it is split; unknown ones stay, with a warning', async () => {
    const agent = await agentWith([
      {
        id: 'args',
        script: tellArguments,
        task: { arguments: '--keeper-api-base={KeeperApiBaseUrl} {approot} "{Name}" {Name} {Nobody} {' },
        job: { parameters: [{ name: 'Name', type: 'string', default: 'a b' }] },
      },
    ]);
    const run = await agent.runJob('args');
    const base = `--keeper-api-base=${agent.apiBase}`;
    expect(told(run)).toEqual([[base, agent.root, 'a b', 'a', 'b', '{Nobody}', '{']]);
    expect(agent.warnings).toMatchObject([{ kind: 'job', jobId: 'args' }]);
    const other = await agent.runJob('args', { parameters: { Name: 'c', approot: '/tmp' } });
    expect(told(other)).toEqual([[base, agent.root, 'c', 'c', '{Nobody}', '{']]);
  });

  test('a required parameter without a value: the job does not run', async () => {
    const job = { parameters: [{ name: 'Root', type: 'string', required: true }] };
    const agent = await agentWith([{ id: 'args', script: tellArguments, job }]);
    expect(await agent.runJob('args')).toMatchObject({ tasks: [], exitCode: null, skipped: /Root/ });
    expect((await agent.runJob('args', { parameters: { Root: '/' } })).exitCode).toBe(0);
  });
});

describe('the executable of a task', () => {
  const says = (text: string) => `#!/bin/sh\necho ${text}\n`;

  test('is executablePath, else Jobs/bin/{command}/{command}, else on PATH', async () => {
    const root = newFolder();
    layOutJob(root, { id: 'in-bin', script: says('bin') });
    const elsewhere = layOutJob(root, { id: 'elsewhere', script: says('elsewhere') });
    layOutJob(root, { id: 'by-path', task: { command: 'in-bin', executablePath: elsewhere } });
    layOutJob(root, {
      id: 'by-root',
      task: { command: 'x', executablePath: '{approot}/Jobs/bin/in-bin/in-bin' },
    });
    layOutJob(root, { id: 'on-path', task: { command: 'printf', arguments: '"on path"' } });
    const agent = await agentWith([], { root });
    const output = async (id: string) => (await agent.runJob(id)).tasks[0]?.stdout.trim();
    expect(await output('in-bin')).toBe('bin');
    expect(await output('by-path')).toBe('elsewhere');
    expect(await output('by-root')).toBe('bin');
    expect(await output('on-path')).toBe('on path');
  });

  test('that is missing, not executable or no program: nothing runs, and it is said why', async () => {
    const root = newFolder();
    layOutJob(root, { id: 'missing' });
    writeFileSync(layOutJob(root, { id: 'no-program', script: '' }), '#!/no/such/interpreter\n');
    const agent = await agentWith([], { root });
    for (const id of ['missing', 'no-program']) {
      const run = await agent.runJob(id);
      expect(run.exitCode).toBeNull();
      expect(run.tasks).toMatchObject([{ pid: undefined, exitCode: null }]);
      expect(run.tasks[0]?.refused).toMatch(/looked for .*missing|ENOENT/);
    }
    expect(agent.audit.map(({ kind }) => kind)).toContain('task');
  });

  test.each(['User', 'UserDesktop', 'UserElevated'])('a task of type %s is refused by name', async (type) => {
    const agent = await agentWith([
      { id: 'desktop', script: says('x'), task: { executionType: type, ExecutionType: undefined } },
    ]);
    expect((await agent.runJob('desktop')).tasks[0]?.refused).toContain(`ExecutionType ${type}`);
    expect(agent.audit).toMatchObject([{ kind: 'task', jobId: 'desktop' }]);
  });
});

describe('the environment of a task', () => {
  const environment = nodeScript('tell(process.env); tell(process.cwd());');

  test('has the two variables when mqttTopics has an entry, and little else', async () => {
    const agent = await agentWith([{ id: 'with', script: environment, job: { name: 'A name' } }], {
      environment: { EXTRA: '1' },
    });
    const [variables, folder] = told(await agent.runJob('with'));
    expect(variables).toMatchObject({ KEEPER_JOB_ID: 'with', KEEPER_JOB_NAME: 'A name', EXTRA: '1' });
    expect(Object.keys(z.record(z.string(), z.string()).parse(variables))).toEqual(
      expect.not.arrayContaining(['JEST_WORKER_ID', 'NODE_OPTIONS']),
    );
    expect(JSON.stringify(variables)).not.toContain(String(agent.brokerPort));
    expect(folder).toBe(realpathSync(agent.root));
  });

  test.each([
    ['no mqttTopics', {}],
    ['empty mqttTopics', { mqttTopics: { allowedPublications: [], allowedSubscriptions: [] } }],
  ])('has neither with %s', async (_, job) => {
    const agent = await agentWith([{ id: 'without', script: environment, publications: [], job }]);
    const [variables] = told(await agent.runJob('without'));
    expect(variables).not.toHaveProperty('KEEPER_JOB_ID');
    expect(variables).not.toHaveProperty('KEEPER_JOB_NAME');
  });
});

describe('the end of a task', () => {
  const sh = (id: string, text: string, more = {}) => ({
    id,
    name: id,
    command: 'sh',
    arguments: `-c "${text}"`,
    ...more,
  });

  test('exit code, signal and both outputs are recorded, the output whole', async () => {
    const script = '#!/bin/sh\nhead -c 300000 /dev/zero | tr "\\0" x; echo oops >&2; exit 7\n';
    const agent = await agentWith([
      { id: 'exits', script },
      { id: 'killed', script: '#!/bin/sh\nkill -TERM $$\n' },
    ]);
    const run = await agent.runJob('exits');
    expect(run).toMatchObject({ jobId: 'exits', trigger: 'api', exitCode: 7 });
    expect(run.tasks).toMatchObject([
      { taskId: 'run', exitCode: 7, signal: null, stderr: 'oops\n', timedOut: false },
    ]);
    expect(run.tasks[0]?.stdout).toHaveLength(300_000);
    expect(await agent.runJob('killed')).toMatchObject({ exitCode: null, tasks: [{ signal: 'SIGTERM' }] });
    expect(agent.runs).toHaveLength(2);
    // Output is no log: nothing of it is in KeeperLogger.log.
    expect(readFileSync(agent.logFile, 'utf8')).toBe('');
  });

  test('a failed task ends the job, unless it says continueOnFailure', async () => {
    const tasks = [sh('one', 'exit 3'), sh('two', 'echo two')];
    const tolerant = [
      sh('one', 'exit 3', { continueOnFailure: true }),
      sh('two', 'echo two'),
      sh('three', 'exit 4'),
    ];
    const agent = await agentWith([
      { id: 'stops', job: { tasks } },
      { id: 'goes-on', job: { tasks: tolerant } },
    ]);
    const ids = async (id: string) => {
      const run = await agent.runJob(id);
      return [run.exitCode, ...run.tasks.map(({ taskId }) => taskId)];
    };
    expect(await ids('stops')).toEqual([3, 'one']);
    expect(await ids('goes-on')).toEqual([3, 'one', 'two', 'three']);
  });

  test('output is cut at 16 MiB, with a word', async () => {
    const limit = 16 * 1024 * 1024;
    const agent = await agentWith([
      { id: 'much', script: `#!/bin/sh\nexec head -c ${limit + 1} /dev/zero\n` },
      { id: 'enough', script: `#!/bin/sh\nexec head -c ${limit} /dev/zero\n` },
    ]);
    for (const [id, isOutputCut] of [
      ['enough', false],
      ['much', true],
    ] as const) {
      const [task] = (await agent.runJob(id)).tasks;
      expect([task?.stdout.length, task?.isOutputCut]).toEqual([limit, isOutputCut]);
    }
    expect(agent.warnings).toMatchObject([{ kind: 'task', jobId: 'much', reason: /cut at 16 MiB/ }]);
  });

  test('timeoutSeconds kills the whole process tree, also what has left its group', async () => {
    const marker = join(newFolder(), 'pids');
    const script = nodeScript(`
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const forever = ['-e', 'setInterval(() => {}, 1000)'];
      const near = spawn(process.execPath, forever, { stdio: 'inherit' });
      const far = spawn(process.execPath, forever, { stdio: 'inherit', detached: true });
      writeFileSync(${JSON.stringify(marker)}, JSON.stringify([process.pid, near.pid, far.pid]));
      process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);`);
    const agent = await agentWith([{ id: 'hangs', script, task: { timeoutSeconds: 1 } }]);
    const run = await agent.runJob('hangs');
    expect(run.tasks).toMatchObject([{ timedOut: true, signal: 'SIGKILL', exitCode: null }]);
    expect(agent.audit).toMatchObject([{ kind: 'task', jobId: 'hangs', reason: /timed out after 1 s/ }]);
    const pids = z.array(z.number()).parse(JSON.parse(readFileSync(marker, 'utf8')));
    expect(pids).toHaveLength(3);
    await eventually(() => !pids.some(isRunning), 'the end of all three');
  });

  test('what a task leaves running is ended with it, unless told otherwise', async () => {
    const script = '#!/bin/sh\nsleep 60 >/dev/null 2>&1 &\necho $!\n';
    const agent = await agentWith([{ id: 'leaves', script }]);
    const left = Number((await agent.runJob('leaves')).tasks[0]?.stdout);
    expect(left).toBeGreaterThan(1);
    await eventually(() => !isRunning(left), 'its end');
    const lenient = await agentWith([{ id: 'leaves', script }], { reapChildren: false });
    const pid = Number((await lenient.runJob('leaves')).tasks[0]?.stdout);
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test('MergeStdoutJsonIntoContext gives values to the tokens of later tasks', async () => {
    const first = { id: 'one', command: 'printf', arguments: String.raw`"{\"Found\":3,\"List\":[1]}"` };
    const second = { id: 'two', command: 'printf', arguments: '{Found}-{List}' };
    const tasks = (merge: boolean) => [{ ...first, MergeStdoutJsonIntoContext: merge }, second];
    const agent = await agentWith([
      { id: 'merges', job: { tasks: tasks(true) } },
      { id: 'does-not', job: { tasks: tasks(false) } },
    ]);
    expect((await agent.runJob('merges')).tasks[1]?.stdout).toBe('3-{List}');
    expect((await agent.runJob('does-not')).tasks[1]?.stdout).toBe('{Found}-{List}');
  });

  test('the end of the agent kills what runs', async () => {
    const agent = await agentWith([{ id: 'hangs', script: '#!/bin/sh\nexec sleep 60\n' }]);
    const running = agent.runJob('hangs');
    await agent.stop();
    expect((await running).tasks).toMatchObject([{ signal: 'SIGKILL' }]);
  });
});

describe('a job that does not run', () => {
  test('because it is not enabled, or osFilter excludes this system', async () => {
    const excluded = { windows: false, linux: false, macOS: false };
    const agent = await agentWith([
      { id: 'off', script: tellArguments, job: { enabled: false } },
      { id: 'elsewhere', script: tellArguments, job: { osFilter: excluded } },
    ]);
    expect(await agent.runJob('off')).toMatchObject({ skipped: /not enabled/, tasks: [], exitCode: null });
    expect(await agent.runJob('elsewhere')).toMatchObject({ skipped: /osFilter/, tasks: [] });
    await expect(agent.runJob('nobody')).rejects.toThrow('no such job: nobody; there are elsewhere, off');
  });

  test.each([
    ['an id that differs from the file', { id: 'other' }, /"other" differs from the file's name, "bad"/],
    ['an underscore in the id', { id: 'bad_id' }, /underscores/],
    ['no tasks', { tasks: [] }, /tasks/],
    ['a path as command', { tasks: [{ id: 'a', command: '../sh' }] }, /command/],
    ['a cron expression of six fields', { schedule: { cronExpression: '0 0 * * * *' } }, /cronExpression/],
    ['two schedules', { schedule: { cronExpression: '* * * * *', intervalMinutes: 1 } }, /schedule/],
  ])('because of %s: the document is rejected and the others are not', async (_, job, problem) => {
    const agent = await agentWith([{ id: 'bad', job }, { id: 'good' }]);
    expect(agent.audit).toMatchObject([{ kind: 'job', reason: problem }]);
    expect(agent.reloadJobs()).toMatchObject({ loaded: ['good'], rejected: [{ file: 'bad.json' }] });
    expect(agent.audit).toHaveLength(1);
  });

  test('because its file is no JSON; a byte order mark is no reason', async () => {
    const root = newFolder();
    layOutJob(root, { id: 'marked' });
    const marked = join(root, 'Jobs', 'marked.json');
    writeFileSync(marked, `\uFEFF${readFileSync(marked, 'utf8')}`);
    writeFileSync(join(root, 'Jobs', 'broken.json'), '{');
    const agent = await agentWith([], { root });
    expect(agent.reloadJobs()).toMatchObject({ loaded: ['marked'], rejected: [{ file: 'broken.json' }] });
  });
});

/** A process that has ended and was not collected by its parent yet does not run. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  try {
    return existsSync(status) && !/\) [ZX] /.test(readFileSync(status, 'latin1'));
  } catch {
    return false;
  }
}
