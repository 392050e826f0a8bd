/** The scan's own options, as flags, variables and keys of a file: what each takes and what it calls a mistake. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { CoreOptions, loadConfig } from '../../../src/host/config/index.ts';
import { optionsOf } from '../../../src/host/config/options.ts';
import { settableBy } from '../../../src/host/config/options.ts';
import { secretsScan } from '../../../src/scan/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'options-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function load(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const loaded = await loadConfig(['--standalone', ...argv], env, secretsScan, '0.0.0', { elevated: false });
  return 'config' in loaded ? loaded.config.task : undefined;
}

function file(content: unknown): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(content));
  return `--config=${path}`;
}

describe('options of the scan', () => {
  test.each([
    ['-: standard input must be the only path', ['-', 'x']],
    ['--stdin-path: standard input is not scanned', ['--stdin-path=x', '.']],
    ['--staged: takes no paths', ['--staged', '-']],
    ['--shard: --staged cannot be divided', ['--staged', '--shard=1/2']],
    ['--sources: - (standard input) is scanned alone', ['-', '--sources=all']],
    ['--sources: "cron" is no source; expected none, all, or', ['--sources=docker,cron', '.']],
    ['name the files or folders to scan', ['--sources=none']],
  ])('%s', async (line, argv) => {
    const loaded = loadConfig(['--dry-run', ...argv], {}, secretsScan, '0.0.0', { elevated: false });
    await expect(loaded).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining(line) });
  });

  test('are the same from each source', async () => {
    const expected = { workers: 3, maxRate: 2.5, binaries: true };
    expect(await load(['--workers=3', '--max-rate=2.5', '--binaries'])).toMatchObject(expected);
    const env = { SECRETS_SCAN_WORKERS: '3', SECRETS_SCAN_MAX_RATE: '2.5', SECRETS_SCAN_BINARIES: '1' };
    expect(await load([], env)).toMatchObject(expected);
    expect(await load([file(expected)])).toMatchObject(expected);
    expect(await load([])).toEqual({
      roots: [],
      defaultRoots: false,
      allowMissingRoots: false,
      exclude: [],
      rulesOnly: false,
      enableRules: [],
      disableRules: [],
      staged: false,
      strict: false,
      obeyMarkers: false,
      binaries: false,
      containers: 'auto',
      containerDepth: 3,
      containerLimit: 2000,
      full: false,
      gitHistory: 'new',
    });
  });

  test.each(['0', '-1', '', 'fast', '1e9', 'Infinity'])('--max-rate=%s is a mistake', async (value) => {
    await expect(load([`--max-rate=${value}`])).rejects.toThrow(
      '--max-rate: expected megabytes per second from 0.1 to 100000',
    );
  });

  test.each([
    ['maxRate', true],
    ['maxRate', [3]],
    ['maxRate', null],
    ['workers', true],
    ['workers', 1.5],
    ['binaries', 'yes'],
  ])('%s: %j in a file is a mistake', async (key, value) => {
    await expect(load([file({ [key]: value })])).rejects.toThrow(`"${key}" in the configuration file`);
  });
});

/** All of a run's options that take a value of any text. */
const valued = [
  ...optionsOf(secretsScan.options, 'secrets-scan'),
  ...optionsOf(CoreOptions, 'secrets-scan'),
].filter(({ type, choices }) => (type === 'text' || type === 'list') && choices === undefined);

describe('every value has a bound, which the error names', () => {
  test('covers more than 20 options', () => {
    expect(valued.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['roots', 'exclude', 'maxDuration', 'shard', 'jobId', 'clientIdTemplate']),
    );
    expect(valued.length).toBeGreaterThan(20);
  });

  test.each(valued.map((option) => [option.variable, option] as const))('%s', async (variable, option) => {
    const long = 'x'.repeat(40_000);
    const text = option.key === 'keeperApiBase' ? `https://127.0.0.1/${long}` : long;
    if (settableBy(option, 'flag')) {
      const argument = option.positional ? text : `--${option.flag}=${text}`;
      await expect(load([argument])).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(/\d|3\.1\.1/),
      });
    }
    // A name for people is cut off instead.
    if (option.key === 'jobName') {
      expect(CoreOptions.shape.jobName.parse(text)?.length).toBeLessThanOrEqual(1000);
      return;
    }
    await expect(load([], { [variable]: text })).rejects.toMatchObject({ kind: 'config' });
    if (option.type === 'list') {
      const many = Array.from({ length: 20_000 }, (_, n) => `x${n}`);
      await expect(load([file({ [option.key]: many })])).rejects.toThrow(/at most (?:1?0,000|1,000|20) /);
    }
  });

  test.each([
    ['max-duration', ['597h', '169h', '10081m', '604801s', '999999h'], '168h', ['168h', '10080m', '604800s']],
    ['jitter', ['25h', '86401s', '999999h'], '24h', ['1h', '60m']],
    ['agent-timeout', ['2h', '61m', '3601s', '597h'], '1h', ['1h', '60m', '3600s']],
  ])('--%s', async (flag, refused, bound, taken) => {
    for (const value of refused) {
      await expect(load([`--${flag}=${value}`])).rejects.toMatchObject({
        kind: 'usage',
        message: `--${flag}: expected a duration such as 90s, 15m or 2h, at most ${bound}`,
      });
    }
    for (const value of taken) expect(await load([`--${flag}=${value}`])).toBeDefined();
  });

  test.each([
    ['workers', ['65', '0', '1e1', '0x10', ' 3', '1.5', '9'.repeat(30)], '1 to 64'],
    ['remind', ['3651', '0', '-1', 'NaN'], '1 to 3650'],
    ['max-rate', ['100001', '0.05', '1e3', '0x10'], '0.1 to 100000'],
    ['shard', ['1/10000', '3/2', '0/2', '1/0'], '9999'],
  ])('--%s', async (flag, refused, bound) => {
    for (const value of refused) {
      await expect(load([`--${flag}=${value}`])).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining(bound),
      });
    }
  });
});
