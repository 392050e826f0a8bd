/**
 * Finds secrets in Windows' registry, in the keys that are known for them: automatic logon, the environments of the machine and of users,
 * and programs that store passwords. Of users, those who are signed in: the keys of others are not loaded.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { FileFindings } from '../../findings/findings-by-file.ts';
import { sourcePlace } from '../../model/source-place.ts';
import { reportGone } from '../things/known-places.ts';
import { scanEntries } from '../things/scan-entries.ts';
import type { SourceContext } from '../things/source.ts';
import { registryText } from './registry-text.ts';
import { type RegistryKey, type RegistryQuery, registryQuery } from './reg-query.ts';

const SOURCE = 'registry';
/** Users of one machine whose keys are read. */
const MAX_USERS = 200;
const WINDOWS_NT = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion`;
const PROFILES = String.raw`${WINDOWS_NT}\ProfileList`;
/** The owner of what is the machine's. */
const SYSTEM = 'system';

interface Place {
  readonly key: string;
  /** Whether keys below it are read, too. */
  readonly how: 'key' | 'subkeys';
  readonly owner: string;
}

const key = (path: string) => ({ path, how: 'key' }) as const;
const subkeys = (path: string) => ({ path, how: 'subkeys' }) as const;

const ofMachine = [
  key(String.raw`${WINDOWS_NT}\Winlogon`),
  key(String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Environment`),
  subkeys(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\TightVNC\Server`),
  subkeys(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\RealVNC`),
  subkeys(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\ORL\WinVNC3`),
  key(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\TeamViewer`),
  key(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\TeamViewer`),
];
/** Below the key of each user. */
const ofUser = [
  key('Environment'),
  subkeys(String.raw`Software\SimonTatham\PuTTY\Sessions`),
  subkeys(String.raw`Software\Martin Prikryl\WinSCP 2\Sessions`),
  subkeys(String.raw`Software\HeidiSQL\Servers`),
  subkeys(String.raw`Software\TightVNC`),
  subkeys(String.raw`Software\RealVNC`),
  subkeys(String.raw`Software\ORL\WinVNC3`),
];

export async function scanRegistry(platform: Platform, context: SourceContext): Promise<void> {
  const { coverage, signal } = context;
  const query = registryQuery(platform, signal);
  const reading = new Reading(query, context);
  const users = platform.elevated
    ? await usersOf(query, context)
    : [{ key: 'HKEY_CURRENT_USER', owner: SYSTEM }];
  const places = [
    ...ofMachine.map(({ path, how }) => ({ key: path, how, owner: SYSTEM })),
    ...users.flatMap((user) =>
      ofUser.map(({ path, how }) => ({ key: `${user.key}\\${path}`, how, owner: user.owner })),
    ),
  ];
  for (const place of places) await reading.read(place);
  coverage.countSource(SOURCE, reading.keys);
  reportGone(SOURCE, context, reading.found, (path) => reading.stateOf(path));
}

/** The users who are signed in. The others are counted. */
async function usersOf(query: RegistryQuery, { coverage }: SourceContext) {
  const profiles = await query(PROFILES, 'subkeys');
  if (typeof profiles === 'string') {
    coverage.gap(sourcePlace(SOURCE, PROFILES), 'read-error');
    return [];
  }
  // Those of people: accounts of the machine and of a domain, and of Entra ID.
  const people = profiles.filter(({ path }) => /\\S-1-(?:5-21|12-1)-[\d-]+$/.test(path));
  const users: { key: string; owner: string }[] = [];
  for (const { path, values } of people) {
    const sid = path.slice(PROFILES.length + 1);
    const folder = values.find(({ name }) => name === 'ProfileImagePath')?.data ?? '';
    const loaded =
      users.length < MAX_USERS ? await query(`HKEY_USERS\\${sid}\\Environment`, 'key') : 'absent';
    if (typeof loaded === 'string') coverage.skip('user-not-signed-in');
    else users.push({ key: `HKEY_USERS\\${sid}`, owner: folder.split('\\').at(-1)?.toLowerCase() ?? sid });
  }
  return users;
}

class Reading {
  readonly found = new Set<string>();
  keys = 0;
  readonly #query: RegistryQuery;
  readonly #context: SourceContext;
  /** The keys that were read to their end, and the places whose subkeys are all known. */
  readonly #read = new Set<string>();
  readonly #complete: string[] = [];

  constructor(query: RegistryQuery, context: SourceContext) {
    this.#query = query;
    this.#context = context;
  }

  async read({ key: path, how, owner }: Place): Promise<void> {
    const { coverage, isCancelled, isExcluded } = this.#context;
    const place = sourcePlace(SOURCE, path);
    if (isCancelled()) {
      coverage.gap(place, 'stopped-early');
      return;
    }
    if (isExcluded(place)) {
      coverage.skip('excluded');
      return;
    }
    const keys = await this.#query(path, how);
    if (keys === 'failed') coverage.gap(place, isCancelled() ? 'stopped-early' : 'read-error');
    else if (keys !== 'absent') {
      for (const one of keys) await this.#scan(one, owner);
      this.#complete.push(path);
    }
  }

  /** A subkey of a place that was read to its end, and is no longer there, is gone. */
  stateOf(path: string): 'read' | 'absent' | 'unknown' {
    if (this.#read.has(path)) return 'read';
    return this.#complete.some((above) => path.startsWith(`${above}\\`)) ? 'read' : 'unknown';
  }

  async #scan(one: RegistryKey, owner: string): Promise<void> {
    const { path } = one;
    if (one.values.length === 0) return;
    this.keys += 1;
    const { coverage, onFound } = this.#context;
    coverage.bytes += one.values.reduce((sum, { data }) => sum + data.length, 0);
    const isScanned = await scanEntries(
      {
        ...registryText(one, (name) => sourcePlace(SOURCE, path, name)),
        place: sourcePlace(SOURCE, path),
        isWhole: true,
        describe: () => ({ owner, exposure: [] }),
      },
      {
        ...this.#context,
        onFound: (found: FileFindings) => {
          this.found.add(found.path);
          onFound(found);
        },
      },
    );
    if (isScanned) this.#read.add(path);
  }
}
