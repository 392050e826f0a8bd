/**
 * X.509 version 3 certificates with ECDSA P-256 keys, made in memory by `node:crypto` (RFC 5280, RFC 5758). Owns how a
 * certificate is built; who needs which one is said in `authority.ts`.
 */
import { type KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bitString,
  boolean,
  element,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from './der.ts';

/** A certificate and its private key, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly purpose: 'authority' | 'server' | 'client';
  /** Names and IPv4 addresses that a server certificate is for. */
  readonly hosts?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Who signs; undefined for a self-signed certificate. */
export interface Issuer {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/** A fresh P-256 key pair. */
export function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/** A certificate for `publicKey`, signed by `issuer`, as PEM. */
export function certificate(request: CertificateRequest, publicKey: KeyObject, issuer: Issuer): string {
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuer.commonName),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.commonName),
    spki(publicKey),
    tagged(3, sequence(...extensions(request, publicKey, issuer))),
  );
  const signature = sign('sha256', toBeSigned, issuer.privateKey);
  return pem(sequence(toBeSigned, ecdsaWithSha256, bitString(signature)));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** RFC 5280, section 4.2.1.2, method 1 in spirit: an octet string that differs with the key. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha256').update(spki(publicKey)).digest().subarray(0, 20);
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8String(commonName))));
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
}

/** RFC 5280, section 4.2.1: what says what the certificate may be used for, and by whom. */
function extensions(request: CertificateRequest, publicKey: KeyObject, issuer: Issuer): Buffer[] {
  const isAuthority = request.purpose === 'authority';
  // keyCertSign and cRLSign, or digitalSignature: bits 5 and 6, or bit 0, counted from the left.
  const keyUsage = isAuthority ? bitString(Buffer.from([0x06]), 1) : bitString(Buffer.from([0x80]), 7);
  const always = [
    extension('2.5.29.19', true, sequence(...(isAuthority ? [boolean(true)] : []))),
    extension('2.5.29.15', true, keyUsage),
    extension('2.5.29.14', false, octetString(keyIdentifier(publicKey))),
    extension('2.5.29.35', false, sequence(element(0x80, keyIdentifier(issuer.publicKey)))),
  ];
  if (isAuthority) return always;
  const usage = request.purpose === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2';
  const hosts = request.hosts ?? [];
  const names = hosts.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...hosts.map(hostName)))];
  return [...always, extension('2.5.29.37', false, sequence(oid(usage))), ...names];
}

/** GeneralName: `[7]` an address, `[2]` a DNS name. */
function hostName(host: string): Buffer {
  return isIPv4(host)
    ? element(0x87, Buffer.from(host.split('.').map(Number)))
    : element(0x82, Buffer.from(host, 'ascii'));
}
