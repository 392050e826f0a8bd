/**
 * `npm run new-task` in a copy of this checkout: what is left builds, runs, is released and tested, and says nothing of the scanner.
 * The whole `npm test` of a fork is left to a person, since it takes as long as the host's part of this one.
 */
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readArchive } from '../../../src/host/commands/deploy/archive/archive.ts';
import { hostTarget } from '../../../build/targets.ts';
import { installed } from '../../tool.ts';
import { Checkout, type Finished } from '../checkout.ts';

// Everything is built here, and other tests have the processors too.
jest.setTimeout(600_000);

/** Longer than the scanner's. */
const NAME = 'name-count-of-every-host';
/** Words of the scanner. Not here: `token`, which job documents have, too. */
const ofScanner =
  /\b(?:secrets?|scan\w*|findings?|severit(?:y|ies)|rules?|credentials?|sarif|gitleaks|baselines?|detector\w*|fingerprints?)\b/gi;

const canPack = [installed('dpkg-deb'), installed('rpmbuild')].every(({ isMet }) => isMet);
const good: Finished = { code: 0, output: '' };
let fork: Checkout;
beforeAll(() => {
  fork = new Checkout();
});
afterAll(() => rmSync(fork.folder, { recursive: true, force: true }));

/** The output of a failure only, since jest shows it whole. */
function brief({ code, output }: Finished): Finished {
  return { code, output: code === 0 ? '' : output };
}

function read(...path: readonly string[]): string {
  return readFileSync(join(fork.folder, ...path), 'utf8');
}

function words(text: string): readonly string[] {
  return text.match(ofScanner) ?? [];
}

describe('refuses, and changes nothing,', () => {
  afterAll(() => expect(fork.git('status', '--porcelain')).toBe(''));

  test.each([
    [[], /write npm run new-task -- NAME/],
    [['one', 'two'], /write npm run new-task -- NAME/],
    [['Disk'], /use lower-case letters/],
    [['disk--space'], /use lower-case letters/],
    [['9lives'], /use lower-case letters/],
    [['../elsewhere'], /use lower-case letters/],
    [['x'.repeat(51)], /at most 50 characters/],
    [['host'], /is reserved/],
    [['con'], /is reserved/],
    [['disk-space'], /examples\/disk-space has this name/],
    [['name', '--dir=src'], /is no checkout with the scanner/],
  ])('%j', (args, reason) => {
    expect(fork.npm('new-task', args)).toEqual({ code: 64, output: expect.stringMatching(reason) });
  });

  test('a checkout with changes', () => {
    const file = join(fork.folder, 'notes.txt');
    writeFileSync(file, '');
    expect(fork.npm('new-task', [NAME])).toEqual({
      code: 64,
      output: expect.stringMatching(/has changes that are not committed/),
    });
    rmSync(file);
  });
});

test('installs the packages of a fresh clone first', () => {
  const packages = join(fork.folder, 'node_modules');
  const aside = `${fork.folder}-packages`;
  renameSync(packages, aside);
  try {
    expect(fork.npm('new-task', ['Disk'], { npm_config_prefer_offline: 'true' }).code).toBe(64);
    expect(existsSync(join(packages, '.bin', 'tsc'))).toBe(true);
  } finally {
    rmSync(packages, { recursive: true, force: true });
    renameSync(aside, packages);
  }
});

describe('a new task', () => {
  let archived: readonly string[];

  beforeAll(() => {
    const { code, output } = fork.npm('new-task', [NAME]);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`src/${NAME}/index.ts`) });
    fork.commit();
  });

  test.each([
    ['types', []],
    ['lint', []],
    ['structure', []],
    ['knip', []],
    ['supply-chain', ['--offline']],
    ['jest', [`test/${NAME}`, 'test/host/contract']],
  ])('passes npm run %s', (script, args) => {
    expect(brief(fork.npm(script, args))).toEqual(good);
  });

  test('has a lock file that npm ci accepts', () => {
    expect(
      brief(fork.run('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts', '--loglevel=error'])),
    ).toEqual(good);
  });

  test('is run by the agent, and speaks only of itself', () => {
    const report = join(fork.folder, 'dist', 'report.json');
    const { code, output } = fork.npm('start', ['--maximum=0', join(fork.folder, 'src')]);
    expect(code).toBe(10);
    expect(output).toContain(`${NAME}: Summary: folders=1 tooLarge=1`);
    expect(words(output)).toEqual([]);
    const executable = join('dist', NAME);
    const byHand = fork.run(executable, [
      '--dry-run',
      '--verbose',
      '--log-level=Debug',
      `--report=${report}`,
      'src',
    ]);
    expect(brief(byHand)).toEqual(good);
    const help = fork.run(executable, ['--help']).output;
    expect(help).toContain(`${NAME} [options] [folders..]`);
    expect(words([byHand.output, readFileSync(report, 'utf8'), help].join('\n'))).toEqual([]);
  });

  test('has job documents for every system', () => {
    expect(brief(fork.npm('render-jobs'))).toEqual(good);
    for (const os of ['linux', 'macOS', 'windows']) {
      expect(words(read('dist', 'jobs', os, `${NAME}.json`))).toEqual([]);
    }
  });

  test('is released', async () => {
    const target = hostTarget();
    const packed = canPack ? [] : ['--no-packages'];
    const released = fork.npm('release', ['--target', target.name, ...packed]);
    expect(brief(released)).toEqual(good);
    const files = readdirSync(join(fork.folder, 'dist', 'release'));
    const name = files.find((file) => file.endsWith(target.archive)) ?? '';
    expect(name).toBe(`kepm-${NAME}-0.1.0-${target.name}.${target.archive}`);
    const content = readFileSync(join(fork.folder, 'dist', 'release', name));
    archived = (await readArchive(name, content)).map(({ path }) => path);
    expect(archived).toContain(`Jobs/${NAME}.json`);
    const said = [released.output, ...files, ...archived, read('dist', 'release', 'release.json')];
    expect(words(said.join('\n'))).toEqual([]);
  });

  test('has neither files nor pages of the scanner', () => {
    const tracked = fork.git('ls-files').split('\n');
    expect(tracked.filter((path) => /secret|scan|finding|severity|credential|sarif/i.test(path))).toEqual([]);
    const pages = ['options', 'operation', 'exit-codes', 'events', 'queries', 'fleets', 'uninstalling'];
    const others = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'package.json'];
    for (const page of [...others, ...pages.map((name) => `docs/${name}.md`)]) {
      expect({ page, words: words(read(page)) }).toEqual({ page, words: [] });
    }
    expect(existsSync(join(fork.folder, 'scripts', 'new-task.ts'))).toBe(false);
  });
});
