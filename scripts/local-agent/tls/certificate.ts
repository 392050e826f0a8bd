/** X.509 certificates with ECDSA P-256 keys, created in memory. `authority.ts` decides who needs which one. */
// oxlint-disable-next-line import/no-unassigned-import -- a polyfill that @peculiar/x509 needs and does not bring
import 'reflect-metadata';
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its private key, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly purpose: 'authority' | 'server' | 'client';
  /** Names and IP addresses that a server certificate is for. */
  readonly hosts?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The issuer of certificates. */
export interface Issuer {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A fresh P-256 key pair. */
export function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: algorithm.namedCurve });
}

/** A certificate for `publicKey`, signed by `issuer`, as PEM. */
export async function certificate(
  request: CertificateRequest,
  publicKey: KeyObject,
  issuer: Issuer,
): Promise<string> {
  const { commonName, purpose, hosts = [], notBefore, notAfter } = request;
  const isAuthority = purpose === 'authority';
  const subjectKey = publicKey.toCryptoKey(algorithm, true, ['verify']);
  const issuerKey = issuer.publicKey.toCryptoKey(algorithm, true, ['verify']);
  const usages = isAuthority
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature;
  const extendedUsage = purpose === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  const names = hosts.map((value) => ({
    type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
    value,
  }));
  const made = await X509CertificateGenerator.create({
    subject: [{ CN: [commonName] }],
    issuer: [{ CN: [issuer.commonName] }],
    notBefore,
    notAfter,
    publicKey: subjectKey,
    signingKey: issuer.privateKey.toCryptoKey(algorithm, false, ['sign']),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      new KeyUsagesExtension(usages, true),
      await SubjectKeyIdentifierExtension.create(subjectKey),
      await AuthorityKeyIdentifierExtension.create(issuerKey),
      ...(isAuthority ? [] : [new ExtendedKeyUsageExtension([extendedUsage])]),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
    ],
  });
  return `${made.toString('pem')}\n`;
}
