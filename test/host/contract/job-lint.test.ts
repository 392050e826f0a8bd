/** Each problem that the lint knows, shown by a good document with one thing changed. */
import { describe, expect, test } from '@jest/globals';
import { lintJob } from '../../../src/host/job/index.ts';

const task = {
  id: 'run-task',
  name: 'Run task',
  ExecutionType: 'Service',
  command: 'example',
  executablePath: '/opt/KeeperPrivilegeManager/Jobs/bin/example/example',
  arguments: '--keeper-api-base={KeeperApiBaseUrl}',
  timeoutSeconds: 7200,
};
const good = {
  id: 'example',
  name: 'Example',
  enabled: true,
  schedule: { intervalMinutes: 240 },
  events: [{ eventType: 'Startup' }],
  osFilter: { windows: false, linux: true, macOS: false },
  mqttTopics: { allowedPublications: ['KeeperLogger'], allowedSubscriptions: [] },
  parameters: [],
  tasks: [task],
};
const options = { fileName: 'example.json', os: 'linux' } as const;
const base = task.arguments;

/** The good document with other values for some root keys. */
const root = (change: object) => ({ ...good, ...change });
const inTask = (change: object) => root({ tasks: [{ ...task, ...change }] });
const publications = (...topics: string[]) => ({ mqttTopics: { allowedPublications: topics } });

describe('documents without a problem', () => {
  test.each([
    ['as it is', good],
    ['no executablePath: the agent looks for the command', inTask({ executablePath: undefined })],
    ['the root as a variable', inTask({ executablePath: '{approot}/Jobs/bin/example/example' })],
    ['the folder of jobs as a variable', inTask({ executablePath: '{jobroot}/bin/example/example' })],
    ['a place that is not known here', inTask({ executablePath: '{programdata}/example/example' })],
    ['a root that was seen', inTask({ executablePath: '/opt/keeper/sbin/Jobs/bin/example/example' })],
    [
      'variables in arguments',
      inTask({
        arguments: `${base} {approot}/a {pluginroot}/b {jobroot}/c {programdata}/d {userprofile}/e`,
      }),
    ],
    ['the other spelling of ExecutionType', inTask({ executionType: 'Service', ExecutionType: undefined })],
    ['cron', root({ schedule: { cronExpression: '0 3 * * *' } })],
    ['a time, in whatever form', root({ schedule: { runAt: '2026-12-01T03:00:00', timeZone: 'UTC' } })],
    ['a calendar, in whatever form', root({ schedule: { calendar: { days: ['Monday'] } } })],
    ['events only, by name', root({ schedule: undefined, events: ['Startup'] })],
    [
      'nothing but an administrator starts it',
      root({ schedule: undefined, events: [], description: 'SCENARIO: On demand. Checks the agent.' }),
    ],
    [
      'a declared probe topic',
      root({
        ...publications('KeeperLogger', 'a/probe'),
        tasks: [{ ...task, arguments: `${base} --probe-topic=a/probe` }],
      }),
    ],
    ['a declared event topic', root({ eventTopic: 'a/b', ...publications('KeeperLogger', 'a/b') })],
    [
      'a declared parameter',
      root({ parameters: [{ name: 'Depth' }], tasks: [{ ...task, arguments: `${base} {Depth}` }] }),
    ],
    ['braces that are no token', inTask({ arguments: `${base} --exclude=*.{a,b}` })],
  ])('%s', (_, document) => {
    expect(lintJob(document, options)).toEqual([]);
  });

  test.each(['id', 'name', 'tasks', 'parameters'])(
    'a %s whose length is no number is a problem, not an exception',
    (key) => {
      expect(lintJob(root({ [key]: { length: { toString: 1, valueOf: 1 } } }), options)).toEqual([
        expect.stringMatching(`^${key}: `),
      ]);
    },
  );

  test('Windows, where the documented sample has an interval equal to its timeout', () => {
    const executablePath = 'C:\\Program Files\\KeeperPrivilegeManager\\Jobs\\bin\\example\\example.exe';
    const document = {
      ...inTask({ executablePath }),
      schedule: { intervalMinutes: 120 },
      osFilter: { windows: true, linux: false, macOS: false },
    };
    expect(lintJob(document, { ...options, os: 'windows' })).toEqual([]);
  });
});

describe('problems', () => {
  test.each([
    ['no document', 7, 'document: of the wrong type; write one of type object'],
    ['no name', root({ name: undefined }), 'name: missing; write one of type string'],
    ['underscore', root({ id: 'my_job' }), 'id: letters, digits and hyphens; underscores split client ids'],
    ['another id', root({ id: 'other' }), 'id: "other" differs from the file name example.json'],
    [
      'two schedule modes',
      root({ schedule: { intervalMinutes: 1, cronExpression: '* * * * *' } }),
      'schedule: exactly one',
    ],
    [
      'a mode besides a calendar',
      root({ schedule: { runAt: '03:00', calendar: {} } }),
      'schedule: exactly one of intervalMinutes, cronExpression, runAt, calendar',
    ],
    ['no mode', root({ schedule: { every: 5 } }), 'schedule: exactly one'],
    ['a mode of another type', root({ schedule: { intervalMinutes: '5' } }), 'schedule.intervalMinutes: '],
    [
      'cron with seconds',
      root({ schedule: { cronExpression: '0 0 3 * * *' } }),
      'schedule.cronExpression: has 6 fields',
    ],
    ['nothing starts it', root({ schedule: undefined, events: [] }), 'schedule: nothing starts this job'],
    [
      'interval below timeout',
      root({ schedule: { intervalMinutes: 90 } }),
      'schedule.intervalMinutes: shorter',
    ],
    ['no osFilter', root({ osFilter: undefined }), 'osFilter: set linux to true'],
    [
      'every system',
      root({ osFilter: { windows: true, linux: true, macOS: true } }),
      'osFilter: set linux to true',
    ],
    [
      'part of osFilter',
      root({ osFilter: { windows: false, linux: true } }),
      'osFilter.macOS: missing; write one of type boolean',
    ],
    ['no mqttTopics', root({ mqttTopics: undefined }), 'mqttTopics.allowedPublications: add "KeeperLogger"'],
    ['KeeperLogger missing', root(publications('a')), 'mqttTopics.allowedPublications: add "KeeperLogger"'],
    [
      'KeeperLogger in other letters',
      root(publications('keeperlogger')),
      'mqttTopics.allowedPublications: add "KeeperLogger"',
    ],
    ['eventTopic undeclared', root({ eventTopic: 'a/b' }), 'mqttTopics.allowedPublications: add "a/b"'],
    [
      '--event-topic= undeclared',
      inTask({ arguments: `${base} --event-topic=a/b` }),
      'mqttTopics.allowedPublications: add "a/b"',
    ],
    [
      '--event-topic undeclared',
      inTask({ arguments: `${base} --event-topic a/b` }),
      'mqttTopics.allowedPublications: add "a/b"',
    ],
    [
      '--probe-topic undeclared',
      inTask({ arguments: `${base} --probe-topic a/probe` }),
      'mqttTopics.allowedPublications: add "a/probe"',
    ],
    ['wildcard', root(publications('KeeperLogger', 'a/#')), 'mqttTopics: "a/#" has a wildcard'],
    [
      'mqttTopics in the task',
      inTask(publications('KeeperLogger')),
      'tasks[0].mqttTopics: has no effect in a task',
    ],
    ['no task', root({ tasks: [] }), 'tasks: '],
    ['no command', inTask({ command: undefined }), 'tasks[0].command: '],
    ['command with a path', inTask({ command: 'bin/example' }), 'tasks[0].command: a name without a path'],
    [
      'command with an extension',
      inTask({ command: 'example.exe', executablePath: undefined }),
      'tasks[0].command: leave out ".exe"',
    ],
    [
      'in a session',
      inTask({ ExecutionType: 'User' }),
      'tasks[0].ExecutionType: "User" runs in a user\'s session',
    ],
    [
      'relative',
      inTask({ executablePath: 'Jobs/bin/example/example' }),
      'tasks[0].executablePath: "Jobs/bin/example/example" is not absolute',
    ],
    [
      'separator',
      inTask({ executablePath: 'C:\\x\\example' }),
      'tasks[0].executablePath: "C:\\x\\example" has the separator',
    ],
    [
      '.exe',
      inTask({ executablePath: `${task.executablePath}.exe` }),
      `tasks[0].executablePath: "${task.executablePath}.exe" must not end`,
    ],
    [
      'other root',
      inTask({ executablePath: '/opt/keeper/example' }),
      'tasks[0].executablePath: "/opt/keeper/example" is not where',
    ],
    [
      'a variable in other letters',
      inTask({ executablePath: '{AppRoot}/Jobs/bin/example/example' }),
      'tasks[0].executablePath: "{AppRoot}/Jobs/bin/example/example" starts with {AppRoot}, which is no path variable',
    ],
    [
      'another place below the root',
      inTask({ executablePath: '{approot}/example' }),
      'tasks[0].executablePath: "{approot}/example" is not where',
    ],
    [
      'a variable in other letters, in arguments',
      inTask({ arguments: `${base} {AppRoot}/a` }),
      'tasks[0].arguments: {AppRoot} is not a known token',
    ],
    [
      'other command',
      inTask({ command: 'other' }),
      `tasks[0].executablePath: "${task.executablePath}" is not where`,
    ],
    [
      'no API base',
      inTask({ arguments: '--strict' }),
      'tasks[0].arguments: add --keeper-api-base={KeeperApiBaseUrl}',
    ],
    [
      'fixed API base',
      inTask({ arguments: '--keeper-api-base=https://127.0.0.1:6889' }),
      'tasks[0].arguments: add --keeper',
    ],
    [
      'unknown token',
      inTask({ arguments: `${base} {JobId} {JobId}` }),
      'tasks[0].arguments: {JobId} is not a known token',
    ],
    ['no timeout', inTask({ timeoutSeconds: undefined }), 'tasks[0].timeoutSeconds: write one'],
  ])('%s', (_, document, problem) => {
    expect(lintJob(document, options)).toEqual([expect.stringContaining(problem)]);
  });

  test('variables in any letters, and only on Windows', () => {
    const windows = { ...good, osFilter: { windows: true, linux: false, macOS: false } };
    const executablePath = '{AppRoot}\\Jobs\\bin\\example\\example.exe';
    const tasks = [{ ...task, executablePath, arguments: `${base} {ProgramData}\\a` }];
    expect(lintJob({ ...windows, tasks }, { ...options, os: 'windows' })).toEqual([]);
  });

  test('the root that is named, and no other', () => {
    const named = { ...options, agentRoot: '/srv/keeper' };
    const document = inTask({ executablePath: '/srv/keeper/Jobs/bin/example/example' });
    expect(lintJob(document, named)).toEqual([]);
    expect(lintJob(document, options)).toEqual([expect.stringContaining('is not where')]);
    expect(lintJob(good, named)).toEqual([expect.stringContaining('is not where')]);
  });

  test('Windows paths', () => {
    const windows = { ...good, osFilter: { windows: true, linux: false, macOS: false } };
    const problems = ['C:/x/example.exe', '\\x\\example.exe', 'C:\\x\\example'].flatMap((executablePath) =>
      lintJob({ ...windows, tasks: [{ ...task, executablePath }] }, { ...options, os: 'windows' }),
    );
    expect(problems).toEqual([
      expect.stringContaining('has the separator of another system'),
      expect.stringContaining('is not absolute'),
      expect.stringContaining('must end with .exe on windows'),
    ]);
  });
});
