/**
 * Who is on the other end of a connection, and whether the agent trusts them: a process that it started and that still
 * runs, or an executable that is listed (KEPM documentation, "Custom tooling overview"). How KEPM finds the process of a
 * connection is not documented; here it is the owner of the socket, from /proc, so on Linux only.
 */
import type { Socket } from 'node:net';
import type { ExecutableAllowList } from './allow-list.ts';
import { descendantsOf, ownsSocket, socketInode } from './process-info.ts';
import type { ProcessRegistry, RegisteredProcess } from './process-registry.ts';

/** A trusted peer: what the agent started, or a listed executable, which belongs to no job by itself. */
export type Peer =
  | { readonly kind: 'started'; readonly pid: number; readonly process: RegisteredProcess }
  | { readonly kind: 'listed'; readonly pid: number }
  | { readonly kind: 'anyone' };

export interface TrustOptions {
  readonly registry: ProcessRegistry;
  readonly allowList: ExecutableAllowList;
  /** Whether what a started process starts is trusted like itself. Not documented; the safe reading is that it is not. */
  readonly trustChildren: boolean;
  /** Trusts every local process: for systems without /proc, where no peer can be told from another. */
  readonly trustEveryone: boolean;
}

export class Trust {
  readonly #options: TrustOptions;

  constructor(options: TrustOptions) {
    this.#options = options;
  }

  /** The trusted peer of an accepted connection; undefined for everybody else. */
  peerOf(socket: Socket): Peer | undefined {
    if (this.#options.trustEveryone) return { kind: 'anyone' };
    const { remotePort, localPort } = socket;
    if (remotePort === undefined || localPort === undefined) return undefined;
    const inode = socketInode(remotePort, localPort);
    return inode === undefined ? undefined : (this.#started(inode) ?? this.#listed(inode));
  }

  /** Whether the trust in this peer still stands. */
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
