/** Reports on standard output, and several in one run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { file, posix, testWith } from '../../tool.ts';
import { byHand, cleanUp, command, newFolder } from '../probe-under-test.ts';

afterEach(cleanUp);

const RESULT = '0 announced, 0 deferred, 0 known\n';

describe('a report on standard output', () => {
  test('is written while the task works, in place of the text of a dry run; other reports are files', async () => {
    const path = join(newFolder(), 'report.json');
    const args = ['--dry-run', '--records=2', '--report=lines:-', '--report', path];
    expect(await byHand(args)).toMatchObject({ code: 0, stdout: `record 1\nrecord 2\n${RESULT}` });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ exitCode: 0, announced: [] });
  });

  test('is written at the end in a format that is not streamed', async () => {
    const { code, stdout } = await byHand(['--dry-run', '--records=2', '--report=json:-']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ tool: { name: 'probe' }, exitCode: 0 });
  });

  test('needs --dry-run, because other runs have records there', async () => {
    const { code, stdout, stderr } = await byHand(['--standalone', '--report=json:-']);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^probe: --report: a report on standard output needs --dry-run[^\n]*\n$/);
  });

  testWith(posix)('ends without an error when its reader has seen enough', async () => {
    const path = join(newFolder(), 'report.txt');
    const { code, stdout } = await shell('"$@" | head -n 1', [
      '--dry-run',
      '--records=20000',
      '--report=lines:-',
      `--report=${path}`,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'record 1\n' });
    expect(readFileSync(path, 'utf8')).toBe(RESULT);
  });

  testWith(file('/dev/full'))('that cannot be written ends the run with 73', async () => {
    const { code, stderr } = await shell('"$@" > /dev/full', ['--dry-run', '--report=json:-']);
    expect(code).toBe(73);
    expect(stderr).toContain('the report on standard output cannot be written: no space left on device');
  });

  test('has no end when its reader is too slow', async () => {
    const [program = '', ...first] = command;
    const args = ['--dry-run', '--records=7000', '--size=10000', '--report=lines:-', '--agent-timeout=1s'];
    const child = spawn(program, [...first, ...args, '--log-level=Error'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stderr = text(child.stderr);
    const [code]: unknown[] = await once(child, 'exit');
    expect(code).toBe(73);
    expect(await stderr).toContain('the report on standard output cannot be written: its reader is too slow');
    expect(await text(child.stdout)).not.toContain(RESULT);
  });
});

describe('several reports', () => {
  test('one in a missing folder is noticed before the work, and none is written', async () => {
    const folder = newFolder();
    const missing = join(folder, 'none');
    const args = ['--dry-run', '--verbose', '--records=1', `--report=text:${folder}/r.json`];
    const { code, stdout, stderr } = await byHand([...args, `--report=${missing}/r.json`]);
    expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
    expect(stderr).toContain(
      `r.json cannot be written: no such file or directory (ENOENT); create the folder ${missing}, or name another one with --report`,
    );
    expect(stderr).not.toContain('probe.record');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('one that cannot be written in the end does not prevent the others', async () => {
    const folder = newFolder();
    const tooLong = join(folder, `${'x'.repeat(300)}.json`);
    const args = ['--dry-run', `--report=${tooLong}`, `--report=text:${folder}/r.json`];
    const { code, stdout, stderr } = await byHand(args);
    expect({ code, stdout }).toEqual({
      code: 73,
      stdout: `0 announced, 0 deferred, 0 known, exit code 73\n`,
    });
    expect(stderr).toContain('.json cannot be written: name too long (ENAMETOOLONG)');
    expect(readFileSync(join(folder, 'r.json'), 'utf8')).toBe(RESULT);
  });

  test('can be named by the environment, and by the configuration file', async () => {
    const folder = newFolder();
    const paths = ['a.json', 'b.txt', 'c.json'].map((name) => join(folder, name));
    const [a = '', b = '', c = ''] = paths;
    const config = join(folder, 'config');
    writeFileSync(config, JSON.stringify({ report: c }));
    expect((await byHand(['--dry-run'], { env: { PROBE_REPORT: `${a},text:${b}` } })).code).toBe(0);
    expect((await byHand(['--dry-run', `--config=${config}`])).code).toBe(0);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

/** Runs the program in a command of the shell, as `"$@"`. The code is the program's. */
async function shell(line: string, args: readonly string[]) {
  const child = spawn('bash', ['-c', `set -o pipefail; ${line}`, 'bash', ...command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<unknown[]>,
  ]);
  return { code, stdout, stderr };
}
