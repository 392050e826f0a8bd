/**
 * How a TLS connection to the agent is verified. With a CA file: fully, against that file alone. Without one: not at
 * all, which is right only because every address is a literal loopback one and the agent makes a new certificate at
 * each start (KEPM documentation, "HTTP reference guide"). Nothing else may turn verification off.
 */
import { readFileSync } from 'node:fs';
import { TaskError } from '../errors.ts';
import type { LoopbackEndpoint } from '../platform/index.ts';

/** The certificate authorities of `--ca-file`, PEM. @throws TaskError `config` when it cannot be used. */
export function readAuthorities(path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TaskError('config', `the CA file ${path} cannot be read`, { cause });
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
