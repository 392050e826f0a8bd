import { describe, expect, test } from '@jest/globals';
import { renderJob, splitArguments } from '../../../src/host/job/index.ts';

const template = {
  id: 'example',
  name: 'Example',
  enabled: true,
  vendorKey: 'kept',
  tasks: [{ id: 'run', command: 'example', arguments: '--flag', timeoutSeconds: 60 }],
};

describe('renderJob', () => {
  test.each([
    ['windows', 'C:\\Program Files\\KeeperPrivilegeManager\\Jobs\\bin\\example\\example.exe'],
    ['linux', '/opt/KeeperPrivilegeManager/Jobs/bin/example/example'],
    ['macOS', '/usr/local/KeeperPrivilegeManager/Jobs/bin/example/example'],
  ] as const)('%s gets its filter and its path', (os, executablePath) => {
    const job = renderJob(template, { os });
    expect(job.osFilter).toEqual({ windows: false, linux: false, macOS: false, [os]: true });
    expect(job.tasks).toEqual([
      expect.objectContaining({ executablePath, ExecutionType: 'Service', arguments: '--flag' }),
    ]);
    expect(job).toHaveProperty('vendorKey', 'kept');
  });

  test('another root and further arguments', () => {
    const extraArguments = ['--state-dir=/tmp/a b', '/srv/it"s'];
    const [task] = renderJob(template, { os: 'linux', agentRoot: '/tmp/agent', extraArguments }).tasks;
    expect(task?.executablePath).toBe('/tmp/agent/Jobs/bin/example/example');
    expect(splitArguments(task?.arguments ?? '')).toEqual(['--flag', ...extraArguments]);
  });

  test('a template without arguments gets no leading space', () => {
    const bare = { ...template, tasks: [{ id: 'run', command: 'example' }] };
    expect(renderJob(bare, { os: 'linux', extraArguments: ['/srv'] }).tasks[0]?.arguments).toBe('/srv');
  });

  test('refuses what is no job document', () => {
    expect(() => renderJob({ ...template, id: 'under_score' }, { os: 'linux' })).toThrow('underscores');
  });
});
