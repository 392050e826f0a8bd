/** Where users keep what their package managers downloaded. */
import { PASSWD, type Platform, accountsIn, textOf } from '../../../host/platform/index.ts';
import type { Subject } from './trust.ts';

const home = /^(?:\/(?:home|Users)\/[^/]+|\/root|[a-zA-Z]:\\Users\\[^\\]+)(?=[\\/])/;

/** The home of the owner of a file, and the one that contains the file. */
export type HomesOf = (path: string, status: Subject['status']) => readonly string[];

/** Determines homes on this platform. Reads the system's table once, on first use. */
export function homesOn(platform: Platform): HomesOf {
  let homes: ReadonlyMap<number, string> | undefined;
  return (path, { uid }) => {
    homes ??= new Map(accountsIn(textOf(platform, PASSWD)).map((account) => [account.uid, account.home]));
    const found = [home.exec(path)?.[0], platform.os === 'windows' ? undefined : homes.get(uid)];
    return [...new Set(found.filter((one) => one !== undefined))];
  };
}
