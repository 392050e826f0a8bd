/**
 * Reads Windows' registry. Node cannot, and the files that it is stored in are locked, so `reg.exe` does: started by absolute path, without a
 * shell. Its errors are translated, so a key that does not exist looks like one that must not be read.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Platform } from '../../../host/platform/index.ts';

/** Of one key with its subkeys. It takes some 30 milliseconds. */
const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

export interface RegistryValue {
  /** Empty for the key's default value. */
  readonly name: string;
  /** `REG_SZ`, `REG_EXPAND_SZ`, `REG_BINARY` ... */
  readonly type: string;
  /** One character for each byte of the tool's output. */
  readonly data: string;
}

export interface RegistryKey {
  /** `HKEY_LOCAL_MACHINE\SOFTWARE\...` */
  readonly path: string;
  readonly values: readonly RegistryValue[];
}

/** What a query reads: the values of a key, and the subkeys that have values; or why it cannot. */
export type QueryResult = readonly RegistryKey[] | 'absent' | 'failed';

/** Queries a key. */
export type RegistryQuery = (key: string, how: 'key' | 'subkeys') => Promise<QueryResult>;

export function registryQuery({ systemRoot, path }: Platform, signal: AbortSignal): RegistryQuery {
  const tool = path.join(systemRoot, 'System32', 'reg.exe');
  const options = {
    // Nothing of this process's environment changes what it does.
    env: { SystemRoot: systemRoot },
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    encoding: 'latin1',
    windowsHide: true,
    signal,
  } as const;
  return async (key, how) => {
    try {
      const { stdout } = await promisify(execFile)(
        tool,
        ['query', key, ...(how === 'subkeys' ? ['/s'] : [])],
        options,
      );
      return keysIn(stdout);
    } catch (error) {
      return isExitCode(error, 1) ? 'absent' : 'failed';
    }
  };
}

function isExitCode(error: unknown, code: number): boolean {
  return Error.isError(error) && 'code' in error && error.code === code;
}

/**
 * The keys in the tool's output: each key in a line, then its values, with four blanks before name, type and data. A line that is neither
 * continues the data before it.
 */
function keysIn(output: string): RegistryKey[] {
  const keys: { path: string; values: { name: string; type: string; data: string }[] }[] = [];
  for (const line of output.split(/\r?\n/)) {
    const key = keys.at(-1);
    const value = key?.values.at(-1);
    const [, name = '', type, data = ''] = /^ {4}(.*?) {4}(REG_[A-Z_]{2,40})(?: {4}(.*))?$/.exec(line) ?? [];
    if (/^HKEY_[A-Z_]+(?:\\|$)/.test(line)) keys.push({ path: line, values: [] });
    else if (type !== undefined) key?.values.push({ name: /^\(.*\)$/.test(name) ? '' : name, type, data });
    else if (value !== undefined && line !== '') value.data += `\n${line}`;
  }
  return keys;
}
