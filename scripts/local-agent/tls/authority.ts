/**
 * The authority of the agent's certificates. One is created in memory at each start of the agent and signs the
 * certificates of the HTTPS API and of the broker; its own certificate is what an administrator exports as a CA
 * bundle (KEPM documentation, "HTTP reference guide", "Local endpoints"). The administrator's client certificate
 * outlives the agent: it is written once.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Issuer, type KeyPair, certificate, newKeys } from './certificate.ts';

/** The deliberate defects of a server certificate. */
export const certificateFaults = ['expired', 'other-host'] as const;
export type CertificateFault = (typeof certificateFaults)[number];

/** Certificates of the agent, by path. */
export interface CertificateFiles {
  /** What makes the API's and the broker's current certificates trusted: that of their authority, or themselves. PEM. */
  readonly ca: string;
  /** The administrator's client certificate and its key, PEM, mode 0600. */
  readonly adminCertificate: string;
  readonly adminKey: string;
}

const DAY = 86_400_000;

/** The certificates of the API and of the broker, as far as KEPM's are not documented. */
export interface CertificateSwitches {
  /** Names and addresses that they are for. Default `localhost` and `127.0.0.1`. */
  readonly certificateNames?: readonly string[] | undefined;
  /** Each certificate is its own authority, as in KEPM; by default, one authority signs all. */
  readonly selfSigned?: boolean | undefined;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1'];

/** An authority that lives as long as this object. */
export class Authority {
  readonly #issuer: Issuer;
  /** Its certificate, PEM. */
  readonly certificate: string;
  readonly #switches: CertificateSwitches;

  private constructor(issuer: Issuer, own: string, switches: CertificateSwitches) {
    this.#issuer = issuer;
    this.certificate = own;
    this.#switches = switches;
  }

  /** Makes its key and its certificate. */
  static async create(commonName: string, switches: CertificateSwitches = {}): Promise<Authority> {
    const issuer = { commonName, ...newKeys() };
    const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY) };
    const request = { commonName, purpose: 'authority', ...validity } as const;
    return new Authority(issuer, await certificate(request, issuer.publicKey, issuer), switches);
  }

  /** What a client must trust to accept this server certificate, PEM. */
  anchorOf(server: KeyPair): string {
    return this.#switches.selfSigned === true ? server.certificate : this.certificate;
  }

  /** A new certificate for the configured names, or one with the requested defect. */
  async server(fault?: CertificateFault): Promise<KeyPair> {
    const { certificateNames = LOOPBACK_NAMES, selfSigned = false } = this.#switches;
    const { privateKey, publicKey } = newKeys();
    const commonName = selfSigned ? 'Localhost' : 'KeeperPrivilegeManager (local agent)';
    const lifetime = fault === 'expired' ? { from: -30 * DAY, until: -DAY } : { from: -DAY, until: 30 * DAY };
    const request = {
      commonName,
      purpose: 'server',
      hosts: fault === 'other-host' ? ['agent.example.com'] : certificateNames,
      notBefore: new Date(Date.now() + lifetime.from),
      notAfter: new Date(Date.now() + lifetime.until),
    } as const;
    const issuer = selfSigned ? { commonName, privateKey, publicKey } : this.#issuer;
    const own = await certificate(request, publicKey, issuer);
    return {
      certificate: selfSigned ? own : own + this.certificate,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
  }
}

/** The paths of the certificates under an agent's root. */
export function certificateFiles(root: string): CertificateFiles {
  const folder = join(root, 'Certificates');
  return {
    ca: join(folder, 'ca.crt'),
    adminCertificate: join(folder, 'admin.crt'),
    adminKey: join(folder, 'admin.key'),
  };
}

/** Writes what clients must trust, PEM. */
export function writeAnchors(root: string, anchors: readonly string[]): void {
  writeFileSync(certificateFiles(root).ca, [...new Set(anchors)].join(''));
}

/** Writes the administrator's client certificate on the first start. */
export async function writeAdministrator(root: string): Promise<void> {
  const files = certificateFiles(root);
  mkdirSync(join(root, 'Certificates'), { recursive: true, mode: 0o700 });
  if (!existsSync(files.adminCertificate) || !existsSync(files.adminKey)) {
    const admin = await administrator();
    writePrivate(files.adminCertificate, admin.certificate);
    writePrivate(files.adminKey, admin.key);
  }
}

/** The certificate that an administrator's client must present, PEM. */
export function readAdminCertificate(files: CertificateFiles): string {
  return readFileSync(files.adminCertificate, 'utf8');
}

/** Self-signed: the agent trusts this certificate itself, so no signing key must be kept. */
async function administrator(): Promise<KeyPair> {
  const { privateKey, publicKey } = newKeys();
  const commonName = 'KeeperPrivilegeManager administrator (local agent)';
  const request = {
    commonName,
    purpose: 'client',
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 3650 * DAY),
  } as const;
  return {
    certificate: await certificate(request, publicKey, { commonName, privateKey, publicKey }),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  // `mode` applies only to a new file.
  chmodSync(path, 0o600);
}
