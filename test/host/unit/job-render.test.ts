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
  test.each(['windows', 'linux', 'macOS'] as const)('%s gets its filter', (os) => {
    const job = renderJob(template, { os });
    expect(job.osFilter).toEqual({ windows: false, linux: false, macOS: false, [os]: true });
    expect(job.tasks).toEqual([expect.objectContaining({ ExecutionType: 'Service', arguments: '--flag' })]);
    expect(job.tasks[0]).not.toHaveProperty('executablePath');
    expect(job).toHaveProperty('vendorKey', 'kept');
  });

  test.each([
    ['windows', 'D:\\Keeper', 'D:\\Keeper\\Jobs\\bin\\example\\example.exe'],
    ['linux', '/srv/keeper', '/srv/keeper/Jobs/bin/example/example'],
    ['macOS', '{approot}', '{approot}/Jobs/bin/example/example'],
  ] as const)('%s gets a path for a layout of its own', (os, executableRoot, executablePath) => {
    expect(renderJob(template, { os, executableRoot }).tasks[0]).toHaveProperty(
      'executablePath',
      executablePath,
    );
  });

  test('further arguments', () => {
    const extraArguments = ['--state-dir=/tmp/a b', '/srv/it"s'];
    const [task] = renderJob(template, { os: 'linux', extraArguments }).tasks;
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
