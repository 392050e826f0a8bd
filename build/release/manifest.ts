/** `release.json`: links each archive to its job document, its executable, their hashes and the signature. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { taskBuild } from '../task.ts';
import { Signature } from './signature.ts';

/** The name of a release, its archives and the folder of the task's state. */
export const releaseName = `kepm-${taskBuild.name}`;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash in hexadecimal digits');
const File = z.object({
  /** Path within the release, or within the archive. */
  path: z.string(),
  bytes: z.int().positive(),
  sha256: Sha256,
});

export const ReleasedTarget = z.object({
  target: z.string(),
  osFilter: z.object({ windows: z.boolean(), linux: z.boolean(), macOS: z.boolean() }),
  archive: File,
  /** Packages with the same executable and job documents. */
  packages: z.array(File.extend({ kind: z.enum(['deb', 'rpm', 'msi']) })),
  executable: File,
  /** The job document that starts it, and its id. */
  job: File.extend({ id: z.string() }),
  /** The stock Node in the executable, and the lock file's hash of its package. */
  node: z.object({ package: z.string(), version: z.string(), integrity: z.string() }),
  signature: Signature,
});
export type ReleasedTarget = z.output<typeof ReleasedTarget>;

export const ReleaseManifest = z.object({
  name: z.string(),
  version: z.string(),
  commit: z.string(),
  date: z.iso.datetime(),
  targets: z.array(ReleasedTarget),
});
export type ReleaseManifest = z.output<typeof ReleaseManifest>;

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A file's entry in the manifest. */
export function describeFile(path: string, content: Buffer): z.output<typeof File> {
  return { path, bytes: content.length, sha256: sha256(content) };
}
