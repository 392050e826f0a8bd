/**
 * How a TLS connection to the agent is verified. With a CA file: fully, against that file only, and against the names that a
 * loopback certificate may have, because the agent's names are not documented. Without one: not at all, which is
 * acceptable only because every address is a literal loopback address and the agent creates a new certificate at each start (KEPM
 * documentation, "HTTP reference guide"). Nothing else may turn verification off.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import { TaskError } from '../exit/task-error.ts';
import type { LoopbackEndpoint, ReadInput } from '../platform/index.ts';

/** More than the complete list of certificate authorities of a browser. */
const MAX_BYTES = 1024 * 1024;

/** Whom to trust. */
export interface Authorities {
  /** Their certificates, PEM. */
  readonly pem: string;
  /** The name that the agent's certificate must have; undefined for any name of a loopback agent. */
  readonly serverName: string | undefined;
}

/**
 * The certificate authorities of `--ca-file`.
 * @param serverName `--tls-server-name`
 * @throws TaskError `config` when the file cannot be used
 */
export async function readAuthorities(
  path: string,
  readInput: ReadInput,
  serverName?: string,
): Promise<Authorities> {
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
  return { pem, serverName };
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
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** TLS options for an endpoint; without authorities, the loopback address is trusted. */
export function tlsOptions(endpoint: LoopbackEndpoint, authorities: Authorities | undefined): TlsOptions {
  const requested = authorities?.serverName ?? endpoint.serverName;
  // A name in the handshake cannot be an address (RFC 6066, section 3).
  const servername = requested !== undefined && isIP(requested) === 0 ? { servername: requested } : {};
  if (authorities === undefined) return { minVersion: 'TLSv1.2', rejectUnauthorized: false, ...servername };
  const names = authorities.serverName === undefined ? namesOf(endpoint) : [authorities.serverName];
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ca: authorities.pem,
    ...servername,
    checkServerIdentity: (_host, certificate) => mismatch(names, certificate),
  };
}

/** The names that the certificate of a loopback agent may have. The connection goes to the literal address in any case. */
function namesOf({ address }: LoopbackEndpoint): string[] {
  return [...new Set(['localhost', '127.0.0.1', address])];
}

/** The error if a certificate is valid for none of the names. */
function mismatch(names: readonly string[], certificate: PeerCertificate): Error | undefined {
  const errors = names.map((name) => checkServerIdentity(name, certificate));
  if (errors.includes(undefined)) return undefined;
  const error = new Error(
    `the agent's certificate is for ${ownNames(certificate)}, not for ${names.join(' or ')}; --tls-server-name sets another name`,
  );
  // The code that Node gives to the same failure.
  return Object.assign(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}

/** Characters of a certificate's own names in an error. */
const MAX_OWN_NAMES = 200;

/** The names in a certificate: any text, which is made safe to display where errors are shown. */
function ownNames({ subject, subjectaltname }: Partial<PeerCertificate>): string {
  const names = subjectaltname ?? [subject?.CN ?? 'no name'].flat().join(', ');
  return names.length > MAX_OWN_NAMES ? `${names.slice(0, MAX_OWN_NAMES)}...` : names;
}
