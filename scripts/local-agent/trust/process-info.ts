/**
 * Linux's information about a process and its sockets in /proc (proc_pid_stat(5), proc_pid_fd(5), proc_pid_net(5)). Functions return
 * `undefined` if something is gone or unreadable; on other systems, nothing is found.
 */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * The start time of a process, in clock ticks since boot (field 22 of /proc/PID/stat). Together with the process id, it identifies a
 * process until the next boot, even if the id is reused.
 */
export function startTime(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** The state letter of a process: `Z` for one that has ended and was not reaped yet. */
export function isAlive(pid: number): boolean {
  const state = statFields(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** The fields after the command's name, which is in parentheses and may contain spaces and parentheses. */
function statFields(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The processes that this one started and that are still there; those of all its threads. */
function childrenOf(pid: number): number[] {
  return names(`/proc/${pid}/task`).flatMap((thread) => {
    const line = read(`/proc/${pid}/task/${thread}/children`) ?? '';
    return line.split(' ').filter(Boolean).map(Number);
  });
}

/** Children, their children, and so on. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** All process ids. */
export function allProcesses(): number[] {
  return names('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** True when the process has the socket open. */
export function ownsSocket(pid: number, inode: string): boolean {
  const wanted = `socket:[${inode}]`;
  return names(`/proc/${pid}/fd`).some((descriptor) => link(`/proc/${pid}/fd/${descriptor}`) === wanted);
}

/** The inode of the TCP socket on this machine that is connected from one loopback port to another. */
export function socketInode(fromPort: number, toPort: number): string | undefined {
  return inodeIn('/proc/self/net/tcp', fromPort, toPort) ?? inodeIn('/proc/self/net/tcp6', fromPort, toPort);
}

/** 127.0.0.0/8, plain and as an IPv4-mapped address, and ::1: 32-bit words in host order, hexadecimal. */
const loopback = /^(?:[0-9A-F]{6}7F|0{16}FFFF0000[0-9A-F]{6}7F|0{24}01000000)$/;

function inodeIn(table: string, fromPort: number, toPort: number): string | undefined {
  const from = hexadecimalPort(fromPort);
  const to = hexadecimalPort(toPort);
  for (const line of (read(table) ?? '').split('\n')) {
    if (!line.includes(from) || !line.includes(to)) continue;
    const [, local = '', remote = '', , , , , , , inode] = line.trim().split(/\s+/);
    if (isLoopbackPort(local, from) && isLoopbackPort(remote, to) && inode !== '0') return inode;
  }
  return undefined;
}

function hexadecimalPort(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

function isLoopbackPort(endpoint: string, port: string): boolean {
  return endpoint.endsWith(port) && loopback.test(endpoint.slice(0, -port.length));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function names(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
