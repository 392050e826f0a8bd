/**
 * The owner of a TCP socket of this machine, according to Linux's socket tables (proc_net_tcp(5)): of the listener that a connection would
 * reach, and of the process at the other end of a loopback connection.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../exit/task-error.ts';

/** The sockets of the process's network namespace. */
export const SOCKET_TABLES = '/proc/net';

/** The kernel's code for TCP_LISTEN. */
const LISTEN = '0A';
/** Room for 400,000 sockets; the rest of a larger table is not read. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** An address and a port of IPv4 or IPv6, as `net` writes them. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** The socket tables cannot be read: not Linux's, not mounted, or denied by a policy. */
export class SocketTablesUnreadable extends Error {
  override readonly name = 'SocketTablesUnreadable';
}

interface Row {
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly uid: number;
  /** 0 until a process has accepted the connection; the uid is meaningless until then. */
  readonly inode: number;
}

/**
 * The users (effective uid when the socket was created) of the listeners that a connection to a loopback address reaches. As in the
 * kernel, a listener on the address itself takes precedence over one on all addresses, and IPv4 over IPv6: another user's listener
 * that is never reached does not count. Empty if nothing listens.
 * @throws SocketTablesUnreadable
 */
export function listenerOwners({ address, port }: SocketAddress, tables = SOCKET_TABLES): number[] {
  const tiers = listeningAt(address).map((host) => `${host}:${hexPort(port)}`);
  const owners = tiers.map((): number[] => []);
  for (const { local, state, uid } of rows(tables)) {
    if (state === LISTEN) owners[tiers.indexOf(local)]?.push(uid);
  }
  return owners.find((uids) => uids.length > 0) ?? [];
}

/**
 * The user of the process that accepted a loopback connection; undefined if the tables do not show it (yet).
 * @param local the connection's own address, `remote` that of the other end
 * @throws SocketTablesUnreadable
 */
export function peerOwner(
  local: SocketAddress,
  remote: SocketAddress,
  tables = SOCKET_TABLES,
): number | undefined {
  const own = new Set(spellings(local));
  const other = new Set(spellings(remote));
  for (const row of rows(tables)) {
    if (row.inode !== 0 && other.has(row.local) && own.has(row.remote)) return row.uid;
  }
  return undefined;
}

/** The spellings of the addresses that a listener may have, in the kernel's order of preference. */
function listeningAt(address: string): string[] {
  if (address.includes(':')) return [hexAddress(address), ANY_IPV6];
  const exact = hexAddress(address);
  return [exact, MAPPED + exact, ANY_IPV4, MAPPED + ANY_IPV4, ANY_IPV6];
}

const ANY_IPV4 = '0'.repeat(8);
const ANY_IPV6 = '0'.repeat(32);
/** `::ffff:0:0/96`, in words of little-endian bytes. */
const MAPPED = '0000000000000000FFFF0000';

function spellings({ address, port }: SocketAddress): string[] {
  const host = hexAddress(address);
  return (host.length === 8 ? [host, MAPPED + host] : [host]).map((one) => `${one}:${hexPort(port)}`);
}

/**
 * An IPv4 address or `::1` in the notation of the tables: words with reversed bytes (all supported machines are little-endian).
 */
function hexAddress(address: string): string {
  if (address === '::1') return `${'0'.repeat(24)}01000000`;
  const bytes = address.replace(/^::ffff:/i, '').split('.');
  return bytes
    .toReversed()
    .map((byte) => hex(Number(byte), 2))
    .join('');
}

const hexPort = (port: number) => hex(port, 4);
const hex = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, '0');

function* rows(tables: string): Generator<Row> {
  for (const name of ['tcp', 'tcp6']) {
    let descriptor: number;
    try {
      descriptor = openSync(join(tables, name), 'r');
    } catch (cause) {
      // A kernel without IPv6 has no such table.
      if (name === 'tcp6' && codeOf(cause) === 'ENOENT') return;
      throw new SocketTablesUnreadable(`${join(tables, name)} cannot be read`, { cause });
    }
    try {
      for (const line of lines(descriptor)) {
        const [, local = '', remote = '', state = '', , , , uid, , inode] = line.trim().split(/\s+/);
        if (state.length === 2) yield { local, remote, state, uid: Number(uid), inode: Number(inode) };
      }
    } finally {
      closeSync(descriptor);
    }
  }
}

function* lines(descriptor: number): Generator<string> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = '';
  for (let total = 0; total < MAX_TABLE_BYTES;) {
    let read: number;
    try {
      read = readSync(descriptor, chunk);
    } catch (cause) {
      throw new SocketTablesUnreadable('the socket tables cannot be read', { cause });
    }
    if (read === 0) break;
    total += read;
    const parts = (rest + chunk.toString('latin1', 0, read)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
