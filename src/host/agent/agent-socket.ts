/**
 * A TLS connection to a port of the agent, verified according to the TLS policy. The owner of the listener is checked before
 * connecting, and the owner of the process that answered after the handshake. Only then is the socket returned, so nothing is sent
 * to another user's process.
 */
import { constants } from 'node:crypto';
import { type Socket, connect as connectTcp } from 'node:net';
import { type TLSSocket, connect as connectTls } from 'node:tls';
import { asError, codeOf } from '../exit/task-error.ts';
import type { LoopbackEndpoint } from '../platform/index.ts';
import type { PeerCheck } from './peer-check.ts';
import { type Authorities, tlsOptions } from './tls-policy.ts';

export interface AgentSocketOptions {
  readonly endpoint: LoopbackEndpoint;
  /** Whom to trust; undefined trusts the loopback address. */
  readonly authorities: Authorities | undefined;
  readonly peers: PeerCheck;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** The certificate with which this program identifies itself, if any. */
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** A client certificate and its key, PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Connects. @throws TaskError `agent-refused` for a process of another user; errors of `net` and `tls`; the signal's reason. */
export async function connectToPeer(options: AgentSocketOptions): Promise<TLSSocket> {
  const { endpoint, authorities, peers, signal } = options;
  signal.throwIfAborted();
  peers.listener(endpoint);
  const tcp = connectTcp({ host: endpoint.address, port: endpoint.port, noDelay: true });
  try {
    await once(tcp, 'connect', signal);
    // Only an attacker requests a second handshake within a connection.
    const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;
    const tls = connectTls({
      socket: tcp,
      secureOptions,
      ...tlsOptions(endpoint, authorities),
      ...options.clientCertificate,
    });
    await once(tls, 'secureConnect', signal);
    peers.peer(tcp);
    return tls;
  } catch (error) {
    tcp.destroy();
    throw clear(error);
  }
}

/** Waits for an event; an error, the connection's end and the signal end the wait. */
function once(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(asError(signal.reason));
    const finish = (settle: () => void) => () => {
      signal.removeEventListener('abort', abort);
      settle();
    };
    socket.once(event, finish(resolve));
    // Not removed: an error after this wait is for the socket's next owner, or comes from closing an abandoned connection.
    socket.on('error', (error) => finish(() => reject(error))());
    socket.once(
      'close',
      finish(() => reject(new Error('the connection was closed before it was ready'))),
    );
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Only OpenSSL's reason: its message is full of numbers and names of source files. */
function clear(error: unknown): unknown {
  const isTls = codeOf(error).startsWith('ERR_SSL_') && Error.isError(error) && 'reason' in error;
  return isTls && typeof error.reason === 'string' ? new Error(`TLS: ${error.reason}`) : error;
}
