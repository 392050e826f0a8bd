/**
 * Reads the signature of an executable: Authenticode (Microsoft, "PE Format"), or Apple's (`cs_blobs.h`). The signature is described, not
 * verified: that is the task of the operating system.
 */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import * as z from 'zod';
import type { Target } from '../targets.ts';
import { appleSignature, signAdHoc } from './mach-o-signature.ts';
import { authenticodeSignature, withoutSignature } from './portable-executable.ts';

export const Signature = z.object({
  kind: z.enum(['none', 'ad-hoc', 'organisation']),
  /** SHA-1 of the signer's certificate, as listed in `AlternativeSignatures`. */
  thumbprint: z.string().optional(),
  subject: z.string().optional(),
});
export type Signature = z.output<typeof Signature>;

/** @throws Error when a signature contains no certificate, or `openssl` is needed and missing */
export function signatureOf({ os }: Target, executable: Buffer): Signature {
  if (os === 'linux') return { kind: 'none' };
  const signed = os === 'windows' ? authenticodeSignature(executable) : appleSignature(executable);
  if (signed === undefined) return { kind: os === 'macOS' ? 'ad-hoc' : 'none' };
  const signer = signerOf(signed);
  return {
    kind: 'organisation',
    thumbprint: signer.fingerprint.replaceAll(':', ''),
    subject: signer.subject.replaceAll('\n', ', '),
  };
}

/** The executable as it was before an organisation signed it. */
export function withoutOrganisation({ os }: Target, executable: Buffer): Buffer {
  if (os === 'linux') return executable;
  return os === 'windows' ? withoutSignature(executable) : signAdHoc(executable);
}

/** The certificate in a PKCS #7 message that issued none of the others. */
function signerOf(message: Buffer): X509Certificate {
  const pem = execFileSync('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], {
    input: message,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  const certificates = blocks.map((block) => new X509Certificate(block));
  const signer = certificates.find((one) =>
    certificates.every((other) => other === one || other.issuer !== one.subject),
  );
  if (signer === undefined) throw new Error('the signature holds no certificate');
  return signer;
}
