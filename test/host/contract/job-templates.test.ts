/** Every template, for every operating system, against what is documented of the agent. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { taskBuild } from '../../../build/task.ts';
import { JobDocument, lintJob, renderJob } from '../../../src/host/job/index.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const folder = join(project, taskBuild.jobTemplates);
const names = readdirSync(folder);
const systems = ['windows', 'linux', 'macOS'] as const;
const script = join(project, 'build', 'render-jobs.ts');

function readTemplate(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

describe.each(names)('%s', (name) => {
  test.each(systems)('%s: renders, and passes the lint', (os) => {
    const job = renderJob(readTemplate(name), { os });
    expect(lintJob(job, { fileName: name, os })).toEqual([]);
    expect(JobDocument.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
  });

  test('names its scenario, and leaves to rendering what differs between systems', () => {
    const template = JobDocument.parse(readTemplate(name));
    expect(template.description).toMatch(/^SCENARIO: \S/);
    expect(template.osFilter).toBeUndefined();
    expect(template.tasks.map(({ executablePath }) => executablePath)).toEqual([undefined]);
    expect(template.id).toBe(basename(name, '.json'));
  });

  test.each(systems)('%s: leaves it to the agent to find the executable', (os) => {
    const { tasks } = renderJob(readTemplate(name), { os });
    expect(tasks.map(({ executablePath }) => executablePath)).toEqual([undefined]);
  });

  test('rendered for another root, it passes the lint for that root only', () => {
    const job = renderJob(readTemplate(name), {
      os: 'linux',
      executableRoot: '/tmp/agent',
      extraArguments: ['/a b'],
    });
    expect(lintJob(job, { fileName: name, os: 'linux', agentRoot: '/tmp/agent' })).toEqual([]);
    expect(lintJob(job, { fileName: name, os: 'linux' })).toHaveLength(1);
  });
});

describe('build/render-jobs.ts', () => {
  const out = mkdtempSync(join(tmpdir(), 'render-jobs-'));
  afterAll(() => rmSync(out, { recursive: true }));

  function renderJobs(...args: string[]) {
    return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', cwd: out });
  }

  test('writes one document for each template and system', () => {
    const printed = execFileSync(process.execPath, [script, '--out', out], { encoding: 'utf8' });
    expect(printed.trim().split('\n')).toHaveLength(names.length * systems.length);
    for (const os of systems) expect(readdirSync(join(out, os)).toSorted()).toEqual(names.toSorted());
  });

  test('lints a document of an integrator', () => {
    const file = join(out, `${taskBuild.name}.json`);
    writeFileSync(file, JSON.stringify(renderJob(readTemplate(`${taskBuild.name}.json`), { os: 'linux' })));
    expect(renderJobs('--lint', file, '--os', 'linux')).toMatchObject({
      status: 0,
      stdout: `good  ${file}\n`,
    });
    const wrong = renderJobs('--lint', file, '--os', 'windows');
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toContain('osFilter: set windows to true');
  });

  test('says what is wrong with a file that is no JSON, or not there', () => {
    const file = join(out, 'broken.json');
    writeFileSync(file, '{');
    expect(renderJobs('--lint', file, '--os', 'linux')).toMatchObject({ status: 1, stderr: '' });
    expect(renderJobs('--lint', join(out, 'none.json'), '--os', 'linux').stdout).toContain('ENOENT');
  });

  test.each([[['--lint', 'x.json']], [['--lint', '--os', 'linux']], [['x.json']], [['--unknown']]])(
    'wrong usage: %j',
    (args) => {
      expect(renderJobs(...args)).toMatchObject({ status: 64, stdout: '' });
    },
  );
});
