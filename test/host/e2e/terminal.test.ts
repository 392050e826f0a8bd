/** What a dry run shows to a person: on a terminal, in a pipe, quiet, verbose, with and without colours. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { describeWith, installed, linux } from '../../tool.ts';
import { onTerminal } from '../on-terminal.ts';
import { byHand, cleanUp, command, newFolder, readProbeReport } from '../probe-under-test.ts';

afterEach(cleanUp);

const WORK = ['--dry-run', '--work=1500ms'];
const REPORT = '0 announced, 0 deferred, 0 known, exit code 0';
/** Colours and styles. */
const styles = /ESC\[[\d;]*m/;

describeWith(linux, installed('script'))('on a terminal', () => {
  test('a line shows the progress in place, without secrets, and is erased before the report', async () => {
    const { code, output } = await onTerminal([...WORK, '--leak=hidden-place', '--announce=1'], {
      columns: 60,
    });
    expect(code).toBe(0);
    const last = output.split('\n').at(-2) ?? '';
    expect(last).toMatch(/ESC\[0?K.*1 announced.*on 60 columns/);
    expect(output).toMatch(/\d+% {2}\d+ slices/);
    expect(output).toContain('[redacted]');
    expect(output).not.toContain('hidden-place');
    const drawn = output
      .replaceAll(/ESC\[\d*G/g, '\n')
      .replaceAll(/ESC\[[?\d;]*[a-zA-Z]/g, '')
      .split('\n');
    expect(drawn.filter((line) => line.length >= 60 && !line.includes('warning'))).toEqual([]);
    // Nothing but the warning is above it.
    expect(output.split('\n')).toHaveLength(3);
  });

  test('an interrupt erases the line, and the run ends in order', async () => {
    let isSent = false;
    const { code, output } = await onTerminal(['--dry-run', '--work=30000ms'], {
      onOutput: (soFar, child) => {
        if (isSent || !soFar.includes('%')) return;
        isSent = true;
        child.stdin?.write('\u0003');
      },
    });
    expect(code).toBe(130);
    expect(output).toMatch(/\^C.*ESC\[0?K.*exit code 130/s);
  });

  test.each([
    ['TERM=dumb', [], { TERM: 'dumb' }],
    ['in a CI service', [], { CI: 'true' }],
    ['--quiet', ['--quiet'], {}],
    ['--verbose', ['--verbose'], {}],
    ['a report on the same terminal', ['--report=lines:-'], {}],
  ] as const)('no line: %s', async (_, args, env) => {
    const { output } = await onTerminal(['--dry-run', '--work=800ms', ...args], { env });
    expect(output).not.toContain('%');
    const isReported = !args.some((arg) => arg === '--quiet' || arg.startsWith('--report'));
    expect(output.includes(REPORT)).toBe(isReported);
  });

  test.each([
    [{}, [], true],
    [{ NO_COLOR: '1' }, [], false],
    [{ NO_COLOR: '' }, [], true],
    [{ TERM: 'dumb' }, [], false],
    [{ FORCE_COLOR: '0' }, [], false],
    [{ NO_COLOR: '1' }, ['--color=always'], true],
    [{}, ['--color=never'], false],
    [{}, ['--no-color'], false],
  ])('colours with %j and %j: %s', async (env, args, isColoured) => {
    const { output } = await onTerminal(['--dry-run', ...args], { env });
    expect(styles.test(output)).toBe(isColoured);
  });
});

describe('without a terminal', () => {
  test('warnings are plain sentences, and there is no record, progress or colour', async () => {
    const ended = await byHand([...WORK, '--announce=1', '--records=2']);
    expect(ended).toEqual({
      code: 0,
      stdout: REPORT.replace('0', '1') + '\n',
      stderr: 'probe: warning: Item: number 1\n',
    });
    expect((await byHand(['--dry-run'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[1m');
  });

  test('--verbose shows records, --quiet nothing but errors', async () => {
    const args = ['--dry-run', '--announce=1', '--records=2', '--exits=attention'];
    const verbose = await byHand([...args, '--verbose']);
    expect(verbose.stderr).toMatch(
      /Information Run started[^]*Record: number=2[^]*Warning +Item: number=1[^]*Run ended/,
    );
    expect(await byHand([...args, '--quiet'])).toEqual({ code: 10, stdout: '', stderr: '' });
    expect(await byHand(['--dry-run', '--quiet', '--fail=no-input'])).toEqual({
      code: 66,
      stdout: '',
      stderr: 'probe: asked to fail\n',
    });
  });
});

describe('a reader that has seen enough', () => {
  /** Exit codes of both, what the second one printed, and whether the report file is complete. */
  const pipe = (redirection: string, reader: string, args: readonly string[] = []) => {
    const report = join(newFolder(), 'r.json');
    const all = ['--dry-run', '--announce=3000', '--exits=attention', `--report=${report}`, ...args];
    const line = `"$@" ${redirection} | ${reader}; echo "\${PIPESTATUS[*]}"`;
    const { stdout } = spawnSync('bash', ['-c', line, 'bash', ...command, ...all], { encoding: 'utf8' });
    return { stdout, announced: readProbeReport(report).announced.length, report };
  };

  test.each([
    ['both streams', '2>&1', 'head -1', /^probe: warning: Item: number 1\n10 0\n$/],
    ['both streams, as records', '2>&1', 'head -1', /^\S+ Information Run started.*\n10 0\n$/],
    ['standard error', '2>&1 >/dev/null', 'head -1', /^probe: warning: Item: number 1\n10 0\n$/],
    ['standard output', '2>/dev/null', 'head -c 1', /^310 0\n$/],
    ['a closed standard error', '2>&-', 'cat', /^3000 announced.*\n10 0\n$/],
    ['nobody reads', '2>&1', 'true', /^10 0\n$/],
  ])('of %s: the run, its report and its code are as ever', (name, redirection, reader, expected) => {
    const { stdout, announced, report } = pipe(
      redirection,
      reader,
      name.includes('records') ? ['--verbose'] : [],
    );
    expect(stdout).toMatch(expected);
    expect(announced).toBe(3000);
    expect(readFileSync(report, 'utf8')).toContain('"exitCode":10');
  });
});
