/**
 * A TLS connection to a port of the agent: verified as the TLS policy says, to a process that may be the agent, within a bound. The
 * owner is checked before the first connection byte and again behind the handshake, when the process that answers is known; only
 * then is the socket handed out, so nothing is ever sent to anybody else.
 */
import { constants } from 'node:crypto';
import { type Socket, connect as connectTcp } from 'node:net';
import { type TLSSocket, connect as connectTls } from 'node:tls';
import { asError, codeOf } from '../errors.ts';
import type { LoopbackEndpoint } from '../platform/index.ts';
import type { PeerCheck } from './peer-check.ts';
import { tlsOptions } from './tls-policy.ts';

export interface AgentSocketOptions {
  readonly endpoint: LoopbackEndpoint;
  /** PEM text to trust; undefined trusts the loopback address. */
  readonly authorities: string | undefined;
  readonly peers: PeerCheck;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** Connects. @throws TaskError `agent-refused` for a process of another user; errors of `net` and `tls`; the signal's reason. */
export async function connectToPeer(options: AgentSocketOptions): Promise<TLSSocket> {
  const { endpoint, authorities, peers, signal } = options;
  signal.throwIfAborted();
  peers.listener(endpoint);
  const tcp = connectTcp({ host: endpoint.address, port: endpoint.port, noDelay: true });
  try {
    await once(tcp, 'connect', signal);
    // A second handshake in the middle of a connection is asked for by attackers only.
    const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;
    const tls = connectTls({ socket: tcp, secureOptions, ...tlsOptions(endpoint, authorities) });
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
    // Stays: an error after this wait is the next owner's, or comes from closing a connection that was given up.
    socket.on('error', (error) => finish(() => reject(error))());
    socket.once(
      'close',
      finish(() => reject(new Error('the connection was closed before it was ready'))),
    );
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** OpenSSL's own words instead of its message, which is one of numbers and source files. */
function clear(error: unknown): unknown {
  const isTls = codeOf(error).startsWith('ERR_SSL_') && Error.isError(error) && 'reason' in error;
  return isTls && typeof error.reason === 'string' ? new Error(`TLS: ${error.reason}`) : error;
}
