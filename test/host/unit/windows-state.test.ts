/**
 * The state directory of a run as SYSTEM on Windows. The tools of Windows are scripts here: they note how they were called, and answer
 * with security descriptors in the form that Windows prints.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hostPlatform, openStateDirectory } from '../../../src/host/platform/index.ts';
import { isSystem } from '../../../src/host/platform/platform.ts';
import { posix, testWith } from '../../tool.ts';

const posixTest = testWith(posix);

const INHERITED =
  'O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)';
const PRIVATE = 'O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
const OF_A_USER = 'O:S-1-5-21-1-2-3-1001G:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';

let folder = '';
let state = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'windows-state-')));
  // A space, a quote and a dollar sign: no shell may see them.
  state = join(folder, "Program Data $HOME's", 'kepm');
  tool(ICACLS, restrict);
  tool(POWERSHELL, show(INHERITED));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ICACLS = 'System32/icacls.exe';
const POWERSHELL = 'System32/WindowsPowerShell/v1.0/powershell.exe';
/** Windows keeps the access list with the folder, whatever its name. A file beside the tools has the folders that are restricted. */
const restrict = 'ls -di "$1" | cut -d" " -f1 >> "$HERE/restricted"';
/** @param sddl the descriptor of a folder whose access list was not set */
function show(sddl: string, restricted = PRIVATE): string {
  return `touch "$HERE/restricted"
inode=$(ls -di "$QUERIED_FOLDER" | cut -d" " -f1)
if grep -qx "$inode" "$HERE/restricted"; then echo '${restricted}'; else echo '${sddl}'; fi`;
}

/** A tool of Windows, which notes how it is called. */
function tool(path: string, script: string): void {
  const at = join(folder, path);
  mkdirSync(join(at, '..'), { recursive: true });
  const note = `printf '%s\\n' "\${0##*/}" "$@" "\${QUERIED_FOLDER:-}" . >> "$HERE/calls"`;
  writeFileSync(at, `#!/bin/sh\nHERE='${folder}'\n${note}\n${script}\n`, { mode: 0o700 });
}

async function open(elevated = true, signal?: AbortSignal): Promise<string> {
  const machine = { ...hostPlatform({}), os: 'windows' as const, systemRoot: folder, elevated };
  return openStateDirectory(machine, state, signal);
}

async function refusal(signal?: AbortSignal): Promise<string> {
  const error: unknown = await open(true, signal).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ kind: 'cannot-write' });
  const message = Error.isError(error) ? error.message : '';
  expect(message).toMatch(/^the state directory .* \(or choose another with --state-dir\)$/);
  return message;
}

/** The names of the tools that were started, in order. */
function started(): string[] {
  const path = join(folder, 'calls');
  return existsSync(path) ? (readFileSync(path, 'utf8').match(/^\w+\.exe$/gm) ?? []) : [];
}

test.each([
  [true, 'SYSTEM', 'C:\\Users\\x'],
  [true, 'Système', 'C:\\windows\\system32\\config\\systemprofile'],
  [false, 'LOCAL SERVICE', 'C:\\Windows\\ServiceProfiles\\LocalService'],
  [false, 'systemd', 'C:\\Users\\systemprofile'],
])('%s: the account %s with the profile %s is SYSTEM', (expected, name, home) => {
  expect(isSystem(name, home, 'C:\\Windows')).toBe(expected);
});

/** What is beside the state directory. */
function besides(): string[] {
  return readdirSync(join(state, '..')).filter((name) => name !== 'kepm');
}

describe('the state directory of SYSTEM on Windows', () => {
  posixTest('is created with its access list, and only checked after that', async () => {
    expect(await open()).toBe(state);
    expect(started()).toEqual(['powershell.exe', 'icacls.exe', 'powershell.exe']);
    const calls = readFileSync(join(folder, 'calls'), 'utf8');
    expect(calls).toMatch(
      /^icacls\.exe\n\/.*\$HOME's\/kepm\.new-\w{6}\n\/inheritance:r\n\/grant:r\n\*S-1-5-18:\(OI\)\(CI\)F\n\*S-1-5-32-544:\(OI\)\(CI\)F\n\/L\n\/Q$/m,
    );
    expect(calls).toContain(`(Get-Acl -LiteralPath $env:QUERIED_FOLDER).Sddl\n${state}\n`);
    expect(readdirSync(state)).toEqual(['access-restricted.txt']);
    expect(besides()).toEqual([]);
    writeFileSync(join(state, 'state.db'), '');
    expect(await open()).toBe(state);
    expect(started()).toEqual(['powershell.exe', 'icacls.exe', 'powershell.exe', 'powershell.exe']);
  });

  posixTest('is created by several runs at once', async () => {
    expect(await Promise.all([open(), open(), open()])).toEqual([state, state, state]);
    expect(besides()).toEqual([]);
  });

  posixTest('is not empty while its access list is set, so that it cannot become a junction', async () => {
    tool(ICACLS, `ls "$1" > "$HERE/seen"; ${restrict}`);
    await open();
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('access-restricted.txt\n');
  });

  posixTest('is created by the next run if a run was killed in between', async () => {
    tool(ICACLS, `${restrict}; exit 1`);
    await refusal();
    tool(ICACLS, restrict);
    expect(await open()).toBe(state);
  });

  posixTest('is refused if another user created it, whatever its access list', async () => {
    tool(POWERSHELL, show(OF_A_USER));
    expect(await refusal()).toContain(
      'belongs to S-1-5-21-1-2-3-1001, not to SYSTEM or the Administrators group: remove it',
    );
    expect(started()).toEqual(['powershell.exe']);
  });

  posixTest('is refused if it was open to others and has contents', async () => {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(join(state, 'state.db'), '');
    expect(await refusal()).toContain(
      'is accessible to others (Creator Owner, Users), and state.db in it may belong to another user: remove it',
    );
    expect(started()).not.toContain('icacls.exe');
  });

  posixTest('is refused by every run if a file appears before the access list is set', async () => {
    tool(ICACLS, `touch "$1/state.db"; ${restrict}`);
    expect(await refusal()).toContain('received a file from another user (state.db)');
    expect(await refusal()).toContain('received a file from another user (state.db)');
  });

  posixTest('is refused if a file appears in it while its replacement is made', async () => {
    tool(ICACLS, `touch "\${1%.new-*}/state.db"; ${restrict}`);
    expect(await refusal()).toContain('state.db in it may belong to another user');
    expect(besides()).toEqual([]);
  });

  posixTest('is refused if others keep access', async () => {
    tool(ICACLS, 'true');
    expect(await refusal()).toContain(
      'is still accessible to others (Creator Owner, Users) after icacls.exe',
    );
    tool(ICACLS, restrict);
    tool(POWERSHELL, show(INHERITED, OF_A_USER));
    expect(await refusal()).toContain('is still accessible to others (S-1-5-21-1-2-3-1001) after icacls.exe');
    expect(besides()).toEqual([]);
  });

  posixTest.each([
    [ICACLS, 'exit 5', 'icacls.exe ended with code 5; let SYSTEM run this program'],
    [ICACLS, 'kill $$', 'icacls.exe failed'],
    [POWERSHELL, 'exit 1', 'powershell.exe ended with code 1'],
    [POWERSHELL, 'true', 'did not show its owner and access list'],
    [POWERSHELL, 'yes', 'powershell.exe failed'],
  ])('is refused if a tool fails: %s, %s', async (path, script, reason) => {
    tool(path, script);
    expect(await refusal()).toContain(reason);
    expect(besides()).toEqual([]);
  });

  posixTest('is refused if a tool is missing', async () => {
    rmSync(join(folder, 'System32'), { recursive: true });
    expect(await refusal()).toContain('powershell.exe failed (ENOENT); let SYSTEM run this program');
  });

  posixTest('is not waited for when the run must end', async () => {
    tool(POWERSHELL, 'exec sleep 20');
    const began = performance.now();
    expect(await refusal(AbortSignal.timeout(200))).toContain('powershell.exe failed (ABORT_ERR)');
    expect(performance.now() - began).toBeLessThan(5000);
  });

  posixTest("of a user is left to the access list of that user's profile", async () => {
    expect(await open(false)).toBe(state);
    expect(started()).toEqual([]);
  });
});
