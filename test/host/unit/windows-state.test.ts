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
  descriptorIs(INHERITED);
  tool('System32/icacls.exe', 'printf %s "$NEXT" > "$HERE/sddl"', PRIVATE);
  tool('System32/WindowsPowerShell/v1.0/powershell.exe', 'cat "$HERE/sddl"');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A tool of Windows. @param next what `icacls` leaves as the folder's descriptor */
function tool(path: string, script: string, next = ''): void {
  const at = join(folder, path);
  mkdirSync(join(at, '..'), { recursive: true });
  const note = `printf '%s\\n' "\${0##*/}" "$@" "\${QUERIED_FOLDER:-}" . >> "$HERE/calls"`;
  writeFileSync(at, `#!/bin/sh\nHERE='${folder}'\nNEXT='${next}'\n${note}\n${script}\n`, { mode: 0o700 });
}

/** What Windows would say of the state directory from now on. */
function descriptorIs(sddl: string): void {
  writeFileSync(join(folder, 'sddl'), `${sddl}\r\n`);
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

describe('the state directory of SYSTEM on Windows', () => {
  posixTest('is restricted when it is created, and only checked after that', async () => {
    expect(await open()).toBe(state);
    expect(started()).toEqual(['powershell.exe', 'icacls.exe', 'powershell.exe']);
    const calls = readFileSync(join(folder, 'calls'), 'utf8');
    expect(calls).toContain(
      [
        'icacls.exe',
        state,
        '/inheritance:r',
        '/grant:r',
        '*S-1-5-18:(OI)(CI)F',
        '*S-1-5-32-544:(OI)(CI)F',
      ].join('\n'),
    );
    expect(calls).toContain(`(Get-Acl -LiteralPath $env:QUERIED_FOLDER).Sddl\n${state}\n`);
    writeFileSync(join(state, 'state.db'), '');
    expect(await open()).toBe(state);
    expect(started()).toEqual(['powershell.exe', 'icacls.exe', 'powershell.exe', 'powershell.exe']);
  });

  posixTest('is not empty while its access list is set, so that it cannot become a junction', async () => {
    tool('System32/icacls.exe', 'ls "$1" > "$HERE/seen"; printf %s "$NEXT" > "$HERE/sddl"', PRIVATE);
    await open();
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('access-restricted.txt\n');
    expect(readdirSync(state)).toEqual(['access-restricted.txt']);
  });

  posixTest(
    'is refused if it becomes a link while it is empty, and what the link leads to is not restricted',
    async () => {
      mkdirSync(join(folder, 'elsewhere'));
      tool(
        'System32/WindowsPowerShell/v1.0/powershell.exe',
        'rmdir "$QUERIED_FOLDER" && ln -s "$HERE/elsewhere" "$QUERIED_FOLDER"; cat "$HERE/sddl"',
      );
      expect(await refusal()).toContain('was replaced with a link while it was opened');
      expect(started()).not.toContain('icacls.exe');
    },
  );

  posixTest('is restricted by the next run if a run was killed in between', async () => {
    tool('System32/icacls.exe', 'exit 1');
    await refusal();
    tool('System32/icacls.exe', 'printf %s "$NEXT" > "$HERE/sddl"', PRIVATE);
    expect(await open()).toBe(state);
  });

  posixTest('is refused if another user created it, whatever its access list', async () => {
    descriptorIs(OF_A_USER);
    expect(await refusal()).toContain(
      'belongs to S-1-5-21-1-2-3-1001, not to SYSTEM or the Administrators group: ',
    );
    expect(started()).toEqual(['powershell.exe']);
  });

  posixTest('is refused if it was open to others and has contents', async () => {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(join(state, 'state.db'), '');
    expect(await refusal()).toContain(
      "is accessible to others (Creator Owner, Users), and state.db in it may be another user's: remove it",
    );
    expect(started()).not.toContain('icacls.exe');
  });

  posixTest('is refused if a file appears before the access list is set', async () => {
    tool('System32/icacls.exe', 'touch "$1/state.db"; printf %s "$NEXT" > "$HERE/sddl"', PRIVATE);
    expect(await refusal()).toContain("was accessible to others, and state.db in it may be another user's");
  });

  posixTest('is refused if others keep access', async () => {
    tool('System32/icacls.exe', 'true');
    expect(await refusal()).toContain(
      'stays accessible to others (Creator Owner, Users) after its access list was set: remove it',
    );
  });

  posixTest.each([
    ['System32/icacls.exe', 'exit 5', 'icacls.exe ended with code 5; let SYSTEM run this program'],
    ['System32/icacls.exe', 'kill $$', 'icacls.exe failed'],
    ['System32/WindowsPowerShell/v1.0/powershell.exe', 'exit 1', 'powershell.exe ended with code 1'],
    ['System32/WindowsPowerShell/v1.0/powershell.exe', 'true', 'does not show its owner and access list'],
    ['System32/WindowsPowerShell/v1.0/powershell.exe', 'yes', 'powershell.exe failed'],
  ])('is refused if a tool fails: %s, %s', async (path, script, reason) => {
    tool(path, script);
    expect(await refusal()).toContain(reason);
  });

  posixTest('is refused if a tool is missing', async () => {
    rmSync(join(folder, 'System32'), { recursive: true });
    expect(await refusal()).toContain('powershell.exe failed (ENOENT); let SYSTEM run this program');
  });

  posixTest('is not waited for when the run must end', async () => {
    tool('System32/WindowsPowerShell/v1.0/powershell.exe', 'exec sleep 20');
    const began = performance.now();
    expect(await refusal(AbortSignal.timeout(200))).toContain('powershell.exe failed (ABORT_ERR)');
    expect(performance.now() - began).toBeLessThan(5000);
  });

  posixTest("of a user is left to the access list of that user's profile", async () => {
    expect(await open(false)).toBe(state);
    expect(started()).toEqual([]);
  });
});
