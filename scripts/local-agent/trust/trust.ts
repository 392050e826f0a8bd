/**
 * The process at the other end of a connection, and whether the agent trusts it: a running process that it started, or a listed
 * executable (KEPM documentation, "Custom tooling overview"). How KEPM finds the process of a connection is not documented; here, it is
 * the owner of the socket according to /proc, on Linux only.
 */
import type { Socket } from 'node:net';
import type { ExecutableAllowList } from './allow-list.ts';
import { descendantsOf, ownsSocket, socketInode } from './process-info.ts';
import type { ProcessRegistry, RegisteredProcess } from './process-registry.ts';

interface StartedPeer {
  readonly kind: 'started';
  readonly pid: number;
  readonly process: RegisteredProcess;
}

/** A trusted peer: a process of a job, or a listed executable, which belongs to no job. */
export type Peer =
  StartedPeer | { readonly kind: 'listed'; readonly pid: number } | { readonly kind: 'anyone' };

export interface TrustOptions {
  readonly registry: ProcessRegistry;
  readonly allowList: ExecutableAllowList;
  /** True if child processes of a started process are trusted too. Not documented; the safe assumption is that they are not. */
  readonly trustChildren: boolean;
  /** Trusts every local process: for systems without /proc, on which peers cannot be distinguished. */
  readonly trustEveryone: boolean;
  /** Refuses started processes whose executable is not listed, as KEPM does when it checks signatures. */
  readonly requireSignature?: boolean;
}

/** Why a peer is not trusted, and what is known about it. */
export type Distrust =
  | { readonly cause: 'unknown' }
  | { readonly cause: 'child' | 'unsigned'; readonly pid: number; readonly jobId: string };

/** One clause for people, with the caller as its subject. */
export function explainDistrust(distrust: Distrust): string {
  if (distrust.cause === 'unknown') return 'is no process that the agent started';
  return distrust.cause === 'child'
    ? `is a child process of job ${distrust.jobId}; only the process that the agent started is trusted`
    : `was started by the agent for job ${distrust.jobId}, but its executable has no trusted signature`;
}

/** Details of an audit entry. */
export function distrustDetails(distrust: Distrust): { readonly pid?: number; readonly jobId?: string } {
  return distrust.cause === 'unknown' ? {} : { pid: distrust.pid, jobId: distrust.jobId };
}

export class Trust {
  readonly #options: TrustOptions;

  constructor(options: TrustOptions) {
    this.#options = options;
  }

  /** The trusted peer of an accepted connection; undefined for all others. */
  peerOf(socket: Socket): Peer | undefined {
    if (this.#options.trustEveryone) return { kind: 'anyone' };
    const { remotePort, localPort } = socket;
    if (remotePort === undefined || localPort === undefined) return undefined;
    const inode = socketInode(remotePort, localPort);
    if (inode === undefined) return undefined;
    const started = this.#started(inode, this.#options.trustChildren);
    return started !== undefined && this.#isSigned(started.pid) ? started : this.#listed(inode);
  }

  /** Why `peerOf` does not trust the process at the other end. */
  distrustOf({ remotePort = 0, localPort = 0 }: Socket): Distrust {
    const inode = socketInode(remotePort, localPort);
    const related = inode === undefined ? undefined : this.#started(inode, true);
    if (related === undefined) return { cause: 'unknown' };
    const { pid, process } = related;
    const isChild = pid !== process.pid && !this.#options.trustChildren;
    return { cause: isChild ? 'child' : 'unsigned', pid, jobId: process.jobId };
  }

  /** True if this peer is still trusted. */
  stands(peer: Peer): boolean {
    return peer.kind !== 'started' || this.#options.registry.isLive(peer.process);
  }

  #isSigned(pid: number): boolean {
    return this.#options.requireSignature !== true || this.#options.allowList.allows(pid);
  }

  #started(inode: string, withChildren: boolean): StartedPeer | undefined {
    for (const process of this.#options.registry.live()) {
      if (ownsSocket(process.pid, inode)) return { kind: 'started', pid: process.pid, process };
      if (!withChildren) continue;
      const child = descendantsOf(process.pid).find((pid) => ownsSocket(pid, inode));
      if (child !== undefined) return { kind: 'started', pid: child, process };
    }
    return undefined;
  }

  #listed(inode: string): Peer | undefined {
    const pid = this.#options.allowList.ownerOf(inode);
    return pid === undefined ? undefined : { kind: 'listed', pid };
  }
}
