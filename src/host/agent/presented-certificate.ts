/** The certificate that a port of the agent presents, and whether it was the reason why a connection failed. */
import type { X509Certificate } from 'node:crypto';
import { codeOf } from '../exit/task-error.ts';
import type { LoopbackEndpoint } from '../platform/index.ts';
import { type AgentSocketOptions, connectToPeer } from './agent-socket.ts';

/**
 * The certificate that a port presents, whoever signed it. Nothing is sent to the port.
 * @throws the errors of `connectToPeer`
 */
export async function certificateAt(
  endpoint: LoopbackEndpoint,
  { peers, signal }: Pick<AgentSocketOptions, 'peers' | 'signal'>,
): Promise<X509Certificate | undefined> {
  const socket = await connectToPeer({ endpoint, authorities: undefined, peers, signal });
  try {
    return socket.getPeerX509Certificate();
  } finally {
    socket.destroy();
  }
}

/** True if a connection failed because the certificate was not accepted. */
export function isCertificateRefusal(error: unknown): boolean {
  if (!Error.isError(error)) return false;
  const code = codeOf(error);
  if (
    /^(?:CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|HOSTNAME_MISMATCH$)/.test(code)
  ) {
    return true;
  }
  return error.cause !== undefined && isCertificateRefusal(error.cause);
}
