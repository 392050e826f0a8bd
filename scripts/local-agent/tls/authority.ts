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
  /** Certificate of the authority that signed the API's and the broker's current certificates, PEM. */
  readonly ca: string;
  /** The administrator's client certificate and its key, PEM, mode 0600. */
  readonly adminCertificate: string;
  readonly adminKey: string;
}

const DAY = 86_400_000;

/** An authority that lives as long as this object. */
export class Authority {
  readonly #issuer: Issuer;
  /** Its certificate, PEM. */
  readonly certificate: string;

  private constructor(issuer: Issuer, own: string) {
    this.#issuer = issuer;
    this.certificate = own;
  }

  /** Makes its key and its certificate. */
  static async create(commonName: string): Promise<Authority> {
    const issuer = { commonName, ...newKeys() };
    const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY) };
    const request = { commonName, purpose: 'authority', ...validity } as const;
    return new Authority(issuer, await certificate(request, issuer.publicKey, issuer));
  }

  /** A new certificate for the loopback address and `localhost`, or one with the requested defect. */
  async server(fault?: CertificateFault): Promise<KeyPair> {
    const { privateKey, publicKey } = newKeys();
    const lifetime = fault === 'expired' ? { from: -30 * DAY, until: -DAY } : { from: -DAY, until: 30 * DAY };
    const request = {
      commonName: 'KeeperPrivilegeManager (local agent)',
      purpose: 'server',
      hosts: fault === 'other-host' ? ['agent.example.com'] : ['localhost', '127.0.0.1'],
      notBefore: new Date(Date.now() + lifetime.from),
      notAfter: new Date(Date.now() + lifetime.until),
    } as const;
    return {
      certificate: (await certificate(request, publicKey, this.#issuer)) + this.certificate,
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

/** Writes the authority's certificate, and on the first start the administrator's client certificate. */
export async function writeCertificates(root: string, authority: Authority): Promise<void> {
  const files = certificateFiles(root);
  mkdirSync(join(root, 'Certificates'), { recursive: true, mode: 0o700 });
  writeFileSync(files.ca, authority.certificate);
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
