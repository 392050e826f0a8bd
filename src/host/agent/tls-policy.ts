/**
 * How a TLS connection to the agent is verified. With a CA file: fully, against that file only. Without one: not at all, which is
 * acceptable only because every address is a literal loopback address and the agent creates a new certificate at each start (KEPM
 * documentation, "HTTP reference guide"). Nothing else may turn verification off.
 */
import { X509Certificate } from 'node:crypto';
import { TaskError } from '../exit/task-error.ts';
import type { LoopbackEndpoint, ReadInput } from '../platform/index.ts';

/** More than the complete list of certificate authorities of a browser. */
const MAX_BYTES = 1024 * 1024;

/** The certificate authorities of `--ca-file`, PEM. @throws TaskError `config` when it cannot be used. */
export async function readAuthorities(path: string, readInput: ReadInput): Promise<string> {
  const pem = (await readInput(path, { what: 'the CA file', maxBytes: MAX_BYTES })).toString('latin1');
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) {
    throw new TaskError('config', `the CA file ${path} contains no PEM certificate`);
  }
  // TLS ignores unreadable certificates, and the connection would fail as if the agent were at fault.
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate)) + 1;
  if (broken > 0)
    throw new TaskError(
      'config',
      `the CA file ${path}: certificate ${broken} cannot be read; replace or remove it`,
    );
  return pem;
}

/** OpenSSL's message about an unreadable certificate is not helpful. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** The options of `tls.connect` that the policy determines. */
export interface TlsOptions {
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly servername?: string;
}

/** TLS options for an endpoint; `authorities` is the PEM text to trust, or undefined to trust the loopback address. */
export function tlsOptions({ serverName }: LoopbackEndpoint, authorities: string | undefined): TlsOptions {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: authorities !== undefined,
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
