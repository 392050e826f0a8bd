/** What a package says about its program, and what it installs. Each format decides where that goes. */
import type { Target } from '../../targets.ts';
import type { Signers } from '../signing.ts';

export interface Facts {
  /** Of the package: `kepm-TASK`. */
  readonly name: string;
  /** Of the executable, without an extension. */
  readonly program: string;
  readonly title: string;
  /** A few words. */
  readonly summary: string;
  /** A sentence. */
  readonly description: string;
  readonly publisher: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly homepage: string | undefined;
  /** Of the program: `1.2.3` or `1.2.3-rc.1`. */
  readonly version: string;
}

export interface NamedFile {
  readonly name: string;
  readonly content: Buffer;
}

export interface PackageContents {
  readonly executable: Buffer;
  /** Job documents, rendered for the target's system. */
  readonly jobs: readonly NamedFile[];
  readonly licence: Buffer;
  readonly changelog: Buffer;
  /** Whatever else is for people to read: licences of others, bill of materials. */
  readonly documents: readonly NamedFile[];
  /** A manual page in man(7), for the systems that have them. */
  readonly manual: string;
}

export interface PackageInput {
  readonly target: Target;
  readonly facts: Facts;
  readonly contents: PackageContents;
  /** Of the files in the package, and of the package. */
  readonly time: Date;
  readonly signers: Signers;
}

/** Number of the package among those of one version of the program. */
export const REVISION = '1';

/** The version as dpkg and RPM compare it: `1.0.0~rc.1` is older than `1.0.0`. */
export function comparableVersion(version: string): string {
  return version.replace('-', '~').replaceAll(/[-+]/g, '.');
}
