/**
 * How a TLS connection to the agent is verified. With a CA file: fully, against that file alone. Without one: not at
 * all, which is right only because every address is a literal loopback one and the agent makes a new certificate at
 * each start (KEPM documentation, "HTTP reference guide"). Nothing else may turn verification off.
 */
import { createSecureContext } from 'node:tls';
import { TaskError } from '../errors.ts';
import type { LoopbackEndpoint, ReadInput } from '../platform/index.ts';

/** More than all certificate authorities of a browser take. */
const MAX_BYTES = 1024 * 1024;

/** The certificate authorities of `--ca-file`, PEM. @throws TaskError `config` when it cannot be used. */
export function readAuthorities(path: string, readInput: ReadInput): string {
  const pem = readInput(path, { what: 'the CA file', maxBytes: MAX_BYTES }).toString('latin1');
  try {
    // What is no certificate would be found only when the connection is made, as a failure of the agent.
    createSecureContext({ ca: pem });
  } catch {
    // OpenSSL's words help nobody here, and the cause could show the text.
    throw new TaskError('config', `the CA file ${path} holds something that is no PEM certificate`);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new TaskError('config', `the CA file ${path} holds no PEM certificate`);
  }
  return pem;
}

/** The options of `tls.connect` that the policy decides. */
export interface TlsOptions {
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly servername?: string;
}

/** TLS options for one endpoint; `authorities` is the PEM text to trust, or undefined to trust the loopback address. */
export function tlsOptions({ serverName }: LoopbackEndpoint, authorities: string | undefined): TlsOptions {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: authorities !== undefined,
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
