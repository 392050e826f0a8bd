/**
 * Secrets in Windows' registry. A script stands in for `reg.exe`, with the output that Microsoft documents for "reg query": what is tested is
 * everything around it. `wine.test.ts` runs a real one.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';
import { hostPlatform, openStore } from '../../../src/host/platform/index.ts';
import { findingSchema } from '../../../src/scan/state/store-schema.ts';
import { scanOnce } from '../scan-once.ts';

const folder = mkdtempSync(join(tmpdir(), 'registry-'));
const state = join(folder, 'state');
afterAll(() => rmSync(folder, { recursive: true }));

const password = (name: string) => new Dice(name).mixed(ALPHANUMERIC, 18);
const SID = 'S-1-5-21-1-2-3-1001';
const PROFILES = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`;
const WINLOGON = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`;
const ENVIRONMENT = `HKEY_USERS\\${SID}\\Environment`;
const SESSIONS = `HKEY_USERS\\${SID}\\Software\\SimonTatham\\PuTTY\\Sessions`;

type Values = Readonly<Record<string, readonly [type: string, data: string]>>;
type Keys = Readonly<Record<string, Values>>;

const keys: Keys = {
  [PROFILES]: { Default: ['REG_EXPAND_SZ', String.raw`%SystemDrive%\Users\Default`] },
  [`${PROFILES}\\${SID}`]: { ProfileImagePath: ['REG_EXPAND_SZ', String.raw`C:\Users\Ada`] },
  [String.raw`${PROFILES}\S-1-5-21-1-2-3-1002`]: {
    ProfileImagePath: ['REG_EXPAND_SZ', String.raw`C:\Users\Bob`],
  },
  [WINLOGON]: {
    AutoAdminLogon: ['REG_SZ', '1'],
    DefaultPassword: ['REG_SZ', password('logon')],
    ShellFlags: ['REG_DWORD', '0x1'],
  },
  [ENVIRONMENT]: {
    Path: ['REG_EXPAND_SZ', String.raw`C:\bin`],
    DB_PASSWORD: ['REG_SZ', password('variable')],
  },
  [String.raw`${SESSIONS}\router`]: {
    HostName: ['REG_SZ', 'router'],
    ProxyPassword: ['REG_SZ', password('proxy')],
  },
};

/** Writes the stand-in: it shows a key, and with /s those below it. */
function install(shown: Keys): void {
  const blocks = Object.entries(shown).map(([path, values]) => {
    const lines = Object.entries(values).map(
      ([name, [type, data]]) => `    ${name}    ${type}    ${data}\r\n`,
    );
    return [path, `${path}\r\n${lines.join('')}\r\n`] as const;
  });
  const cases = Object.keys(shown).flatMap((path) => {
    const below = blocks.filter(([other]) => other === path || other.startsWith(`${path}\\`));
    const parent = path.slice(0, path.lastIndexOf('\\'));
    const all = blocks.filter(([other]) => other.startsWith(`${parent}\\`));
    const text = (some: typeof blocks) => `'\r\n${some.map(([, block]) => block).join('')}'`;
    return [
      `'${path} ') printf %s ${text(blocks.filter(([other]) => other === path))};;`,
      `'${path} /s') printf %s ${text(below)};;`,
      ...(parent === SESSIONS ? [`'${parent} /s') printf %s ${text(all)};;`] : []),
    ];
  });
  mkdirSync(join(folder, 'System32'), { recursive: true });
  const script = `#!/bin/sh\ncase "$2 $3" in\n${cases.join('\n')}\n*) echo 'ERROR: The system was unable to find the specified registry key or value.' >&2; exit 1;;\nesac\n`;
  writeFileSync(join(folder, 'System32/reg.exe'), script, { mode: 0o755 });
}

async function scanRegistry() {
  const host = hostPlatform({});
  const platform = { ...host, os: 'windows', elevated: true, systemRoot: folder } as const;
  const { store } = await openStore(host, state, { scan: findingSchema });
  const said: string[] = [];
  try {
    const outcome = await scanOnce(
      { sources: 'registry', roots: [join(folder, 'System32')] },
      {
        platform,
        announce: (event, { path }) => {
          if (typeof path === 'string') said.push(`${event.id} ${path}`);
          return true;
        },
        state: {
          directory: state,
          store,
          onFailure: (error) => {
            throw error;
          },
          commit: () => false,
        },
      },
    );
    const found = outcome.findings.filter(({ path }) => path.startsWith('registry:'));
    return {
      found,
      said: said.filter((text) => text.includes('registry:')).sort(),
      coverage: outcome.coverage,
    };
  } finally {
    store.close();
  }
}

beforeAll(() => {
  mkdirSync(state, { mode: 0o700 });
});

test('passwords in known keys are found at their values, and resolved when they are gone', async () => {
  install(keys);
  const first = await scanRegistry();
  expect(first.found.map(({ path, rule, line, owner }) => ({ path, rule, line, owner }))).toEqual(
    expect.arrayContaining([
      {
        path: String.raw`registry:${WINLOGON}!/DefaultPassword`,
        rule: 'windows-autologon-password',
        line: 1,
        owner: 'system',
      },
      { path: `registry:${ENVIRONMENT}!/DB_PASSWORD`, rule: 'generic-password', line: 1, owner: 'ada' },
      {
        path: String.raw`registry:${SESSIONS}\router!/ProxyPassword`,
        rule: 'registry-password',
        line: 1,
        owner: 'ada',
      },
    ]),
  );
  expect(first.found).toHaveLength(3);
  expect(first.said.every((text) => text.startsWith('scan.finding '))).toBe(true);
  expect(first.coverage).toMatchObject({ sources: { registry: 3 }, skipped: { 'user-not-signed-in': 1 } });

  // Of the keys, one has lost its value, one is gone, and one user has signed out.
  const { [WINLOGON]: logon, [ENVIRONMENT]: _, [String.raw`${SESSIONS}\router`]: __, ...others } = keys;
  install({ ...others, [WINLOGON]: { AutoAdminLogon: logon?.['AutoAdminLogon'] ?? ['REG_SZ', ''] } });
  const second = await scanRegistry();
  expect(second.said).toEqual([`scan.finding-resolved registry:${WINLOGON}!/DefaultPassword`]);
  expect(second.found).toHaveLength(2);
  install({ ...others, [ENVIRONMENT]: keys[ENVIRONMENT] ?? {}, [SESSIONS]: {} });
  const third = await scanRegistry();
  expect(third.said).toEqual([String.raw`scan.finding-resolved registry:${SESSIONS}\router!/ProxyPassword`]);
  expect(third.coverage.unexamined).toEqual({});
});
