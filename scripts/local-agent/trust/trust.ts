/**
 * The process at the other end of a connection, and whether the agent trusts it: a running process that it started, or a listed
 * executable (KEPM documentation, "Custom tooling overview"). How KEPM finds the process of a connection is not documented; here, it is
 * the owner of the socket according to /proc, on Linux only.
 */
import type { Socket } from 'node:net';
import type { ExecutableAllowList } from './allow-list.ts';
import { descendantsOf, ownsSocket, socketInode } from './process-info.ts';
import type { ProcessRegistry, RegisteredProcess } from './process-registry.ts';

/** A trusted peer: a process of a job, or a listed executable, which belongs to no job. */
export type Peer =
  | { readonly kind: 'started'; readonly pid: number; readonly process: RegisteredProcess }
  | { readonly kind: 'listed'; readonly pid: number }
  | { readonly kind: 'anyone' };

export interface TrustOptions {
  readonly registry: ProcessRegistry;
  readonly allowList: ExecutableAllowList;
  /** True if child processes of a started process are trusted too. Not documented; the safe assumption is that they are not. */
  readonly trustChildren: boolean;
  /** Trusts every local process: for systems without /proc, on which peers cannot be distinguished. */
  readonly trustEveryone: boolean;
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
    return inode === undefined ? undefined : (this.#started(inode) ?? this.#listed(inode));
  }

  /** True if this peer is still trusted. */
  stands(peer: Peer): boolean {
    return peer.kind !== 'started' || this.#options.registry.isLive(peer.process);
  }

  #started(inode: string): Peer | undefined {
    for (const process of this.#options.registry.live()) {
      if (ownsSocket(process.pid, inode)) return { kind: 'started', pid: process.pid, process };
      if (!this.#options.trustChildren) continue;
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
