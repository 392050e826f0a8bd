/** Help, topics, completion and the lint of job documents: what every executable has besides its work. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { renderJob } from '../../../src/host/job/index.ts';
import { optionGroups } from '../../../src/host/task/option-groups.ts';
import type { TaskCommand } from '../../../src/host/task/task-command.ts';
import type { Task } from '../../../src/host/task/task.ts';
import { taskBuild } from '../../../build/task.ts';
import { posix, testWith } from '../../tool.ts';
import { runInProcess } from '../in-process.ts';
import { probe } from '../probe/probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
afterAll(() => rmSync(folder, { recursive: true }));

const greet: TaskCommand = {
  description: 'Greet someone',
  options: z.object({
    names: z
      .array(z.string())
      .default([])
      .meta({ description: 'Whom', positional: true, placeholder: 'name' }),
    tone: z.enum(['warm', 'cool']).default('warm').meta({ description: 'How', placeholder: 'tone' }),
  }),
  examples: [{ arguments: 'Ada', meaning: 'greets Ada' }],
  run: async ({ options: { names, tone }, stdout }) => {
    stdout.write(`${String(tone)}: ${String(names)}\n`);
    return [];
  },
};

const task: Task = {
  ...probe,
  defaultCommand: { word: 'look', description: 'Look; the word may be left out' },
  examples: [{ arguments: 'look --records=1', meaning: 'log a record' }],
  topics: { probing: { title: 'How to probe', text: () => 'Carefully.' } },
  synonyms: { inspect: 'look', '--count': 'use --records=NUMBER' },
  commands: { 'people greet': greet },
};
const start = (...argv: readonly string[]) => runInProcess(task, argv);

describe('help', () => {
  test('-h fits a screen, and has the usual options, examples and pointers to the rest', async () => {
    const { stdout, stderr, code } = await start('-h');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThan(50);
    expect(stdout).toMatch(/^Usage: probe \[look\] \[options\]$/m);
    expect(stdout).toMatch(/^ {2}probe look --records=1 +log a record$/m);
    expect(stdout).toMatch(/^Run:\n +--dry-run +Run by hand/m);
    expect(stdout).toContain('people greet');
    expect(stdout).not.toContain('--mqtt-version');
    expect((await start('help')).stdout).toContain(stdout.trimEnd());
  });

  test('--help has all options by purpose, with what they take and their defaults', async () => {
    const { stdout } = await start('--help');
    for (const group of Object.values(optionGroups)) expect(stdout).toContain(`\n${group}:\n`);
    expect(stdout).toMatch(/--max-duration <time> +Stop .*\s+.*\[default:\s+110m\]/);
    expect(stdout).toMatch(/--priority <low\|normal> /);
    expect(stdout).toMatch(/-h, --help[\s\S]*-V, --version/);
    expect(stdout).not.toMatch(/\[(?:string|boolean|number)\]|<value>|undefined/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect((await start('help', 'look')).stdout).toBe(stdout);
    expect((await start('-V')).stdout).toBe('3.2.1\n');
  });

  test('of a command is its own', async () => {
    const { stdout } = await start('people', 'greet', '--help');
    expect(stdout).toContain('Usage: probe people greet [options] [name..]');
    expect(stdout).toContain('--tone <tone>  How [one of warm, cool; default: warm]');
    expect((await start('help', 'people', 'greet')).stdout).toBe(stdout);
    expect((await start('help', 'deploy')).stdout).toContain('Usage: probe deploy [options] <archive>');
  });

  test('explains each topic, those of the task too', async () => {
    const topics = /help TOPIC +([\s\S]*?)\n +probe --help/.exec((await start('-h')).stdout)?.[1] ?? '';
    const names = topics.split(/,\s+/);
    expect(names).toEqual(expect.arrayContaining(['probing', 'exit-codes', 'environment', 'configuration']));
    for (const name of names) {
      const { stdout, code } = await start('help', name);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(stdout.split('\n').length).toBeGreaterThan(2);
    }
    expect((await start('help', 'probing')).stdout).toBe('How to probe.\n\nCarefully.\n');
    expect((await start('help', 'environment')).stdout).toContain('PROBE_MAX_DURATION=<time>');
    expect((await start('help', 'configuration')).stdout).toContain('maxDuration: <time>');
    expect((await start('help', 'exit-codes')).stdout).toContain(' 66  there is nothing to probe');
  });
});

describe('commands', () => {
  test('are the first words; the word of the work itself makes it a dry run', async () => {
    expect(await start('people', 'greet', 'Ada', '--tone=COOL')).toMatchObject({
      stdout: 'cool: Ada\n',
      code: 0,
    });
    expect((await start('look', '--records=2')).code).toBe(0);
    expect((await start('--records=2')).code).toBe(78);
    // An agent's run stays one, whatever its first word.
    expect((await start('look', '--keeper-api-base=https://127.0.0.1:9')).code).toBe(78);
  });

  test('a first word that is none of them is left to the work', async () => {
    expect((await start('constructor')).stderr).toBe(
      'probe: unexpected argument: constructor (see probe --help)\n',
    );
  });

  test.each([
    [['people'], 'people needs another word; the commands are: probe people greet (a folder: ./people)'],
    [['people', 'meet'], 'people has no command "meet"; the commands are: probe people greet'],
    [['doctr'], 'doctr is no command, and no file or folder; did you mean "probe doctor"?'],
    [['people', 'great'], 'people has no command "great"; the commands are: probe people greet'],
    [['poeple', 'greet'], 'poeple is no command, and no file or folder; did you mean "probe people greet"?'],
    [['poeple'], 'poeple is no command, and no file or folder; did you mean "probe people"?'],
    [['lint', 'x'], 'lint is no command, and no file or folder; did you mean "probe job lint"?'],
    [['inspetc'], 'inspetc is no command, and no file or folder; did you mean "probe look"?'],
    [['inspect'], 'inspect is no command, and no file or folder; did you mean "probe look"?'],
    [['help', 'exit-code'], 'help has no topic "exit-code"; did you mean "probe help exit-codes"?'],
    [['help', 'nonsense'], 'help has no topic "nonsense"; the topics are: probing, exit-codes, '],
    [['look', '--recrods=1'], 'unknown option --recrods; did you mean --records? (see probe --help)'],
    [['look', '--max_duration=1m'], 'unknown option --max_duration; did you mean --max-duration?'],
    [['look', '--count=1'], 'unknown option --count; use --records=NUMBER (see probe --help)'],
    [['look', '--no-dry-run'], 'unknown option --no-dry-run; use --dry-run=false'],
    [['look', '--payload={}'], 'unknown option --payload; set "payload" in the file that --config names'],
    [['look', '--job-id=x'], 'unknown option --job-id; it is set by the environment variable KEEPER_JOB_ID'],
    [['look', '-q7'], 'unknown option -q7 (see probe --help)'],
    [['look', '--report'], '--report needs a value: --report=<file> (see probe --help)'],
    [['look', '--work', '--dry-run'], '--work needs a value: --work=<time>'],
    [['look', '--priority=high'], '--priority: expected one of low, normal, not "high"'],
    [['look', '--log-level=warnign'], ', not "warnign"; did you mean Warning?'],
    [
      ['people', 'greet', '--tone=hot'],
      '--tone: expected one of warm, cool, not "hot" (see probe people greet --help)',
    ],
    [['people', 'greet', '--tone=col'], '--tone: expected one of warm, cool, not "col"; did you mean cool?'],
    [['people', 'greet', ''], 'an argument is empty; leave it out, or check the variable that it comes from'],
    [['completion', 'fish'], 'shell: expected one of bash, zsh, not "fish" (see probe completion --help)'],
    [['completion'], 'name the shell: probe completion bash, or probe completion zsh'],
    [['job', 'lint'], 'file: name at least one job document (see probe job lint --help)'],
  ])('%j is refused in one line', async (argv, line) => {
    const { code, stdout, stderr } = await start(...argv);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^probe: [^\n]+\n$/);
    expect(stderr).toContain(line);
  });
});

describe('completion', () => {
  const main = resolve('test/host/probe/main.ts');
  const probeCommand = join(folder, 'probe');
  writeFileSync(probeCommand, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 });

  /** What bash completes the last word of each of these lines to. */
  function completed(...lines: readonly (readonly string[])[]): string[][] {
    const calls = lines.map((words) => {
      const quoted = ['probe', ...words].map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _probe_completion; echo "\${COMPREPLY[@]}"`;
    });
    const script = ['source <(probe completion bash)', ...calls].join('\n');
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env });
    expect(stderr).toBe('');
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
  }

  testWith(posix)('in bash: commands, options and the values of choices', () => {
    const words = [['do'], ['job', ''], ['--max-d'], ['doctor', '--cal'], ['--priority', '=', 'n']];
    const [first, second, ...others] = completed(...words);
    expect(first).toEqual(['doctor']);
    expect(second).toContain('lint');
    expect(others).toEqual([['--max-duration'], ['--calibrate'], ['normal']]);
  });

  test('in zsh: a script that calls the executable', async () => {
    const { stdout } = await runInProcess(task, ['completion'], { SHELL: '/usr/bin/zsh' });
    expect(stdout).toMatch(/^#compdef probe\n[\s\S]*compdef _probe probe/);
  });
});

test('job lint names each mistake of a document, and ends with 0 for none', async () => {
  const name = `${taskBuild.name}.json`;
  const good = renderJob(JSON.parse(readFileSync(join(taskBuild.jobTemplates, name), 'utf8')), {
    os: 'linux',
  });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(good));
  expect(await start('job', 'lint', '--os=linux', path)).toEqual({
    code: 0,
    stdout: `${path}: no problem found\n`,
    stderr: '',
  });
  const { stdout, code } = await start('job', 'lint', '--os=windows', path);
  expect(code).toBe(78);
  expect(stdout).toContain(`${path}: osFilter: set windows to true and the others to false`);
  writeFileSync(path, '{');
  expect((await start('job', 'lint', path)).stderr).toMatch(
    /^probe: the job document \S+ is not valid JSON: .+\n$/,
  );
});
