/**
 * Signs with what the organisation provides: executables and packages with a program of its own, the list of checksums with a key of
 * minisign, the provenance with a private key.
 */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Os } from '../../src/host/platform/index.ts';
import { taskBuild } from '../task.ts';
import type { Target } from '../targets.ts';
import { sha256 } from './manifest.ts';
import { signatureOf, withoutOrganisation } from './signature.ts';

/** Programs that sign the file that they are given, in place. */
export type Signers = Readonly<Record<Os, string | undefined>>;

/** Runs the organisation's program, and verifies that it changed nothing but the signature. */
export function signExecutable(target: Target, executable: string, signers: Signers): void {
  const program = signers[target.os];
  if (program === undefined) return;
  const before = withoutOrganisation(target, readFileSync(executable));
  runSigner(program, executable);
  const after = readFileSync(executable);
  if (signatureOf(target, after).kind !== 'organisation') {
    throw new Error(`${program} left no signature in ${executable}`);
  }
  if (!withoutOrganisation(target, after).equals(before)) {
    throw new Error(`${program} changed more of ${executable} than its signature`);
  }
}

/** Has the organisation's program sign a package for Windows. */
export function signWindowsPackage(file: string, { windows: program }: Signers): void {
  if (program === undefined) return;
  runSigner(program, file);
  // The name of the stream with the signature (Microsoft, "Digital Signatures and Windows Installer").
  if (!readFileSync(file).includes(Buffer.from('\u0005DigitalSignature', 'utf16le'))) {
    throw new Error(`${program} left no signature in ${file}`);
  }
}

function runSigner(program: string, file: string): void {
  const env = { ...process.env, SIGN_NAME: taskBuild.name, SIGN_DESCRIPTION: taskBuild.description };
  execFileSync(program, [file], { stdio: 'inherit', env });
}

/** Signs the list of checksums. */
export const minisign = { program: 'minisign', debianPackage: 'minisign' };

/**
 * Writes `FILE.minisig`. minisign asks for the password of the key, if it has one.
 * @param comment signed together with the file
 */
export function signWithMinisign(file: string, key: string, comment: string): void {
  const arguments_ = ['-S', '-s', key, '-m', file, '-t', comment, '-c', 'signature of the list of checksums'];
  execFileSync(minisign.program, arguments_, { stdio: ['inherit', 'ignore', 'inherit'] });
}

/**
 * An envelope of DSSE (secure-systems-lab/dsse, version 1) with one signature.
 * @param key PEM of a private key: Ed25519, or ECDSA with SHA-256
 */
export function signedEnvelope(payloadType: string, payload: string, key: Buffer): string {
  const privateKey = createPrivateKey(key);
  const size = (text: string) => Buffer.byteLength(text);
  const signed = `DSSEv1 ${size(payloadType)} ${payloadType} ${size(payload)} ${payload}`;
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(algorithm, Buffer.from(signed), privateKey);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return JSON.stringify({
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [{ keyid: sha256(publicKey), sig: signature.toString('base64') }],
  });
}
