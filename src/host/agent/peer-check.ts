/**
 * Checks the owner of the process behind a port. On Linux, it must be root, the user of this run, or the user of `--agent-user`;
 * otherwise, any local user could listen on the port first and read the records. On macOS and Windows, nothing is checked, because
 * Node cannot read the owner of a socket there.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { TaskError, describeError } from '../exit/task-error.ts';
import {
  type LoopbackEndpoint,
  type Os,
  PASSWD,
  SOCKET_TABLES,
  SocketTablesUnreadable,
  accountsIn,
  hostPort,
  listenerOwners,
  peerOwner,
} from '../platform/index.ts';

/** The uid that the kernel shows for users that the user namespace does not map (user_namespaces(7)). */
const UNMAPPED_UID = 65_534;

export interface PeerCheckOptions {
  readonly os: Os;
  /** `--agent-user`: a name, a uid, or `any`. */
  readonly agentUser: string | undefined;
  /** Called once if the socket tables cannot be read and the check is impossible. */
  readonly onUnreadable: (reason: string) => void;
  readonly tables?: string;
  readonly passwd?: string;
}

/** Both methods throw TaskError `agent-refused` for a process of another user. */
export interface PeerCheck {
  /** Checks the listener, before connecting. */
  readonly listener: (endpoint: LoopbackEndpoint) => void;
  /** Checks the process that accepted the connection, after the TLS handshake and before anything is sent. */
  readonly peer: (socket: Socket) => void;
}

/** @throws TaskError `config` when the user in `--agent-user` does not exist. */
export function peerCheck(options: PeerCheckOptions): PeerCheck {
  const { os, agentUser, tables = SOCKET_TABLES } = options;
  if (os !== 'linux' || agentUser === 'any') return { listener: () => undefined, peer: () => undefined };
  const trusted = new Set([0, process.geteuid?.() ?? 0]);
  if (agentUser !== undefined) trusted.add(uidOf(agentUser, options.passwd));
  let isReported = false;
  const ifReadable = (check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof SocketTablesUnreadable)) throw error;
      if (!isReported) options.onUnreadable(describeError(error));
      isReported = true;
    }
  };
  return {
    listener: (endpoint) =>
      ifReadable(() => {
        const stranger = listenerOwners(endpoint, tables).find((uid) => !trusted.has(uid));
        if (stranger !== undefined) throw untrusted('listens on', endpoint, stranger);
      }),
    peer: (socket) =>
      ifReadable(() => {
        const remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
        const local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
        const owner = peerOwner(local, remote, tables);
        if (owner === undefined || !trusted.has(owner)) throw untrusted('answers on', remote, owner);
      }),
  };
}

function untrusted(
  does: string,
  at: { readonly address: string; readonly port: number },
  uid: number | undefined,
): TaskError {
  const place = hostPort(at);
  if (uid === undefined) {
    return new TaskError(
      'agent-refused',
      `the owner of the process that ${does} ${place} is unknown, so nothing was sent; --agent-user=any turns this check off`,
    );
  }
  const unmapped = uid === UNMAPPED_UID ? ' (nobody, or a user from outside this user namespace)' : '';
  return new TaskError(
    'agent-refused',
    `the process that ${does} ${place} belongs to uid ${uid}${unmapped}, neither root nor the user of this run; ` +
      `nothing was sent; if that is the agent's user, set --agent-user=${uid}`,
  );
}

/** The uid of a number or of a name in the passwd file. Directory services such as LDAP are not queried. */
function uidOf(user: string, passwd = PASSWD): number {
  if (/^\d+$/.test(user)) return Number(user);
  let text = '';
  try {
    text = readFileSync(passwd, 'utf8');
  } catch {
    // The name is unknown.
  }
  const account = accountsIn(text).find(({ name }) => name === user);
  if (account !== undefined) return account.uid;
  throw new TaskError('config', `--agent-user: ${passwd} has no user "${user}"; give the uid instead`);
}
