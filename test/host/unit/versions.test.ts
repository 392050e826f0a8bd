/** The installed version and the one before it, also after an installation that was killed between its steps. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { placesOf } from '../../../src/host/commands/deploy/places.ts';
import type { Version } from '../../../src/host/commands/deploy/release.ts';
import { Versions } from '../../../src/host/commands/deploy/versions.ts';
import { posix, testWith } from '../../tool.ts';

const places = placesOf('task', 'linux');
let root = '';
let versions: Versions;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'versions-')));
  mkdirSync(join(root, 'Jobs'));
  const opened = Versions.open({ root, places, elevated: false, create: true });
  if (opened === undefined) throw new Error('it was not created');
  versions = opened;
});
afterEach(() => {
  versions.close();
  rmSync(root, { recursive: true });
});

const version = (name: string): Version => ({ executable: Buffer.from(name), document: `{"v":"${name}"}` });
const bin = (...names: string[]) => join(root, 'Jobs', 'bin', 'task', ...names);

/** The steps of an installation, up to one of them. */
function install(next: Version, last: 'copied' | 'executable' | 'document' | 'kept' = 'kept'): void {
  const candidate = versions.writeCandidate(next.executable);
  const installing = versions.begin();
  if (last === 'copied') return;
  versions.replaceExecutable(candidate);
  if (last === 'executable') return;
  versions.replaceDocument(next.document);
  if (last === 'document') return;
  installing.keep();
}

test('a first version has nothing before it', () => {
  install(version('one'));
  expect(versions.installed()).toEqual(version('one'));
  expect(() => versions.previous()).toThrow('there is no previous version');
});

test('the previous version is the one that was replaced last', () => {
  for (const name of ['one', 'two', 'three']) install(version(name));
  expect(versions.installed()).toEqual(version('three'));
  expect(versions.previous()).toEqual(version('two'));
});

test('the same version again replaces nothing; the agent may have formatted its document', () => {
  install(version('one'));
  install(version('two'));
  install({ ...version('two'), document: '{\r\n  "v": "two"\r\n}' });
  expect(versions.previous()).toEqual(version('one'));
});

test('undone, everything is as before', () => {
  install(version('one'));
  install(version('two'));
  const candidate = versions.writeCandidate(Buffer.from('three'));
  const installing = versions.begin();
  versions.replaceExecutable(candidate);
  versions.replaceDocument('{}');
  installing.undo();
  expect(versions.installed()).toEqual(version('two'));
  expect(versions.previous()).toEqual(version('one'));
});

test('a first version that is undone leaves nothing', () => {
  const candidate = versions.writeCandidate(Buffer.from('one'));
  const installing = versions.begin();
  versions.replaceExecutable(candidate);
  versions.replaceDocument('{}');
  installing.undo();
  expect(versions.installed()).toEqual({});
  expect(existsSync(bin('task'))).toBe(false);
});

describe('killed', () => {
  beforeEach(() => {
    install(version('one'));
    install(version('two'));
  });

  test('before the executable was replaced: the previous version stays', () => {
    install(version('three'), 'copied');
    expect(versions.previous()).toEqual(version('one'));
    install(version('four'));
    expect(versions.previous()).toEqual(version('two'));
  });

  test.each(['executable', 'document'] as const)(
    'after the %s: the replaced version is the previous one',
    (last) => {
      install(version('three'), last);
      expect(versions.previous()).toEqual(version('two'));
      expect(existsSync(bin('previous.new'))).toBe(false);
    },
  );

  test('while the copy was written: it is not complete, and does not count', () => {
    mkdirSync(bin('previous.new'));
    writeFileSync(bin('previous.new', 'task.json'), '{"v":"other"}');
    writeFileSync(bin('previous.new', 'task.new'), 'half');
    expect(versions.previous()).toEqual(version('one'));
  });
});

test('a link in place of the executable is not followed', () => {
  const target = join(root, 'target');
  writeFileSync(target, 'kept');
  symlinkSync(target, bin('task'));
  expect(() => versions.installed()).toThrow(`${bin('task')} cannot be used`);
  expect(readFileSync(target, 'utf8')).toBe('kept');
});

testWith(posix)('folders and files can be read by the agent, whatever the umask', () => {
  const before = process.umask(0o077);
  try {
    rmSync(join(root, 'Jobs', 'bin'), { recursive: true });
    const created = Versions.open({ root, places, elevated: false, create: true });
    created?.replaceExecutable(created.writeCandidate(Buffer.from('one')));
    created?.close();
    const modes = [bin(), bin('task')].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o755, 0o755]);
  } finally {
    process.umask(before);
  }
});
