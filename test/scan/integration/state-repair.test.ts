/** Damaged files of the state: what repairs itself, what is refused with a remedy, and that no two runs hold one lock. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hostPlatform, takeRunLock } from '../../../src/host/platform/index.ts';
import { openFingerprintKey } from '../../../src/scan/detect/fingerprint-key.ts';
import { rootUser, testWith } from '../../tool.ts';

const platform = hostPlatform({});
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repair-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the lock', () => {
  const lock = () => join(folder, 'run.lock');
  const damages: readonly (readonly [string, () => void])[] = [
    ['garbage', () => writeFileSync(lock(), 'x'.repeat(5000))],
    ['a damaged database', () => writeFileSync(lock(), `SQLite format 3\0${'\xff'.repeat(4080)}`, 'latin1')],
    ['an empty folder', () => mkdirSync(lock())],
    [
      'a mode that forbids everything',
      () => {
        writeFileSync(lock(), '');
        chmodSync(lock(), 0);
      },
    ],
  ];

  test.each(damages)('is taken in spite of %s, and held', async (_, damage) => {
    damage();
    const held = await takeRunLock(platform, folder);
    expect(held.problem).toBeUndefined();
    // Other processes see it; two locks of one process would not be told apart by fcntl(2), but SQLite does.
    await expect(takeRunLock(platform, folder)).rejects.toMatchObject({ kind: 'busy' });
    held.release();
    (await takeRunLock(platform, folder)).release();
    expect(statSync(lock()).mode & 0o777).toBe(0o600);
  });

  test('is not damaged by repairing it while it is held', async () => {
    const held = await takeRunLock(platform, folder);
    writeFileSync(lock(), 'garbage that somebody writes into it meanwhile'.repeat(100));
    await expect(takeRunLock(platform, folder)).rejects.toMatchObject({ kind: 'busy' });
    held.release();
  });

  test.each([
    ['a link', () => symlinkSync('/dev/null', lock())],
    [
      'a folder with something in it',
      () => {
        mkdirSync(lock());
        writeFileSync(join(lock(), 'a'), '');
      },
    ],
  ])('is refused with a remedy for %s', async (_, damage) => {
    damage();
    await expect(takeRunLock(platform, folder)).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringMatching(/run\.lock is a .*; remove it while no run is in progress/),
    });
  });

  testWith(rootUser)('of another user is refused with a remedy', async () => {
    writeFileSync(lock(), '');
    chownSync(lock(), 12345, 12345);
    await expect(takeRunLock(platform, folder)).rejects.toThrow(/belongs to user 12345; remove it/);
  });

  test('whose note cannot be written is held, and says so', async () => {
    mkdirSync(join(folder, 'run.holder'));
    const held = await takeRunLock(platform, folder);
    expect(held.problem?.message).toMatch(/run\.holder cannot be used/);
    held.release();
  });
});

describe('the fingerprint key', () => {
  const path = () => join(folder, 'fingerprint.key');
  const damages: readonly (readonly [string, () => void])[] = [
    ['too short', () => truncateSync(path(), 7)],
    ['empty', () => truncateSync(path(), 0)],
    ['too long', () => writeFileSync(path(), 'x'.repeat(33))],
    [
      'a folder',
      () => {
        rmSync(path());
        mkdirSync(path());
      },
    ],
    [
      'a link',
      () => {
        rmSync(path());
        symlinkSync('/etc/passwd', path());
      },
    ],
  ];

  test.each(damages)('is restored from its copy when it is %s', (_, damage) => {
    const { key } = openFingerprintKey(platform, folder);
    damage();
    const restored = openFingerprintKey(platform, folder);
    expect(restored.key).toEqual(key);
    expect(restored.repair?.how).toBe('restored');
    const after = openFingerprintKey(platform, folder);
    expect(after.key).toEqual(key);
    expect(after.repair).toBeUndefined();
    expect(readFileSync(path())).toEqual(key);
  });

  test.each(damages)('is replaced without a copy when it is %s, and says so', (_, damage) => {
    const { key } = openFingerprintKey(platform, folder);
    damage();
    writeFileSync(`${path()}.copy`, 'damaged too');
    const { key: other, repair } = openFingerprintKey(platform, folder);
    expect(other).not.toEqual(key);
    expect(other).toHaveLength(32);
    expect(repair).toMatchObject({ how: 'replaced', path: `${path()}.unusable` });
    expect(openFingerprintKey(platform, folder).key).toEqual(other);
  });

  test('with a wrong mode is made private: nobody else could reach the folder', () => {
    const { key } = openFingerprintKey(platform, folder);
    chmodSync(path(), 0o644);
    const { key: same, repair } = openFingerprintKey(platform, folder);
    expect(same).toEqual(key);
    expect(repair).toBeUndefined();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test('is another one once it was removed', () => {
    const { key } = openFingerprintKey(platform, folder);
    rmSync(path());
    const { key: other } = openFingerprintKey(platform, folder);
    expect(other).not.toEqual(key);
    // The copy follows.
    truncateSync(path(), 0);
    expect(openFingerprintKey(platform, folder).key).toEqual(other);
  });
});
