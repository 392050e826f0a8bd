/** Who else can get at a file with a finding: real modes and folders, and the paths of other systems. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { hostPlatform } from '../../../src/host/platform/index.ts';
import { exposureOf } from '../../../src/scan/findings/exposure.ts';
import { fakePlatform } from '../../fake-platform.ts';

const root = mkdtempSync(join(tmpdir(), 'exposure-'));
afterAll(() => rmSync(root, { recursive: true }));

test('mode, owner and work tree', () => {
  mkdirSync(join(root, 'work/.git'), { recursive: true });
  mkdirSync(join(root, 'work/deep/er'), { recursive: true });
  const own = `owner ${process.getuid?.()}`;
  const exposure = exposureOf(hostPlatform({}));
  const file = (path: string, mode: number) => {
    writeFileSync(join(root, path), 'x');
    chmodSync(join(root, path), mode);
    return exposure(join(root, path));
  };
  expect(file('open', 0o644)).toEqual(['readable by everyone', own]);
  expect(file('group', 0o640)).toEqual(['readable by its group', own]);
  expect(file('private', 0o600)).toEqual([own]);
  expect(file('work/deep/er/.env', 0o600)).toEqual([own, 'in a git work tree']);
  expect(exposure(join(root, 'gone'))).toEqual([]);
});

test.each([
  ['windows', 'C:\\Users\\ada\\OneDrive - Example Ltd\\notes.txt', ['synced by OneDrive']],
  ['windows', 'C:\\Users\\ada\\Documents\\notes.txt', []],
  [
    'macOS',
    '/Users/ada/Library/Mobile Documents/x.txt',
    ['readable by everyone', 'owner 1000', 'synced by iCloud Drive'],
  ],
  [
    'windows',
    'C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\globalStorage\\saoudrizwan.claude-dev\\tasks\\1\\ui_messages.json',
    ['sent to an AI assistant (Cline)'],
  ],
  [
    'linux',
    '/home/ada/.claude/projects/-home-ada-app/1.jsonl',
    ['readable by everyone', 'owner 1000', 'sent to an AI assistant (Claude Code)'],
  ],
  ['linux', '/home/ada/.claude/settings.json', ['readable by everyone', 'owner 1000']],
  ['linux', '/home/ada/Dropbox/x.txt', ['readable by everyone', 'owner 1000', 'synced by Dropbox']],
] as const)('on %s, %s', (os, path, expected) => {
  expect(exposureOf(fakePlatform(os, { [path]: 'x' }))(path)).toEqual(expected);
});
