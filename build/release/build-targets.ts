/** From the source to the archives: the reproducible part of a release. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { type PackageGraph, bundle, foldersIn } from '../bundle.ts';
import { packExecutable } from '../package.ts';
import { type Target, executableName } from '../targets.ts';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';
import { writeArchive } from './archive.ts';
import { contentsOf } from './contents.ts';
import { thirdPartyLicences } from './licences.ts';
import { releaseName } from './manifest.ts';
import type { SystemPackage } from './packages/index.ts';

export interface BuiltTarget {
  readonly target: Target;
  /** The path of the executable, to start it. */
  readonly executable: string;
  readonly entries: readonly Entry[];
  readonly archive: Buffer;
  readonly systemPackages: readonly SystemPackage[];
}

export interface Built {
  readonly built: readonly BuiltTarget[];
  /** The contents of the executables. */
  readonly packages: PackageGraph;
  readonly licences: string;
}

/** `kepm-TASK-0.1.0-linux-x64.tar.zst`. */
export function archiveName({ name, archive }: Target): string {
  return `${releaseName}-${manifest.version}-${name}.${archive}`;
}

export interface BuildOptions {
  /** Of every file in archives and packages. */
  readonly time: Date;
  /** Signs each executable in place, before it is archived and packaged. */
  sign(target: Target, executable: string): void;
  /** Makes the packages for a target. */
  package(target: Target, entries: readonly Entry[], graph: PackageGraph): Promise<readonly SystemPackage[]>;
}

/** Builds the archives of these targets, and their packages. */
export async function buildTargets(targets: readonly Target[], options: BuildOptions): Promise<Built> {
  const { time } = options;
  const packages = await bundle();
  const licences = thirdPartyLicences(foldersIn(packages));
  const archiving: Promise<BuiltTarget>[] = [];
  for (const target of targets) {
    const executable = resolve('dist/targets', target.name, executableName(target));
    mkdirSync(dirname(executable), { recursive: true });
    await packExecutable(target, executable);
    options.sign(target, executable);
    const entries = contentsOf(target, readFileSync(executable), licences);
    // Compression continues in other threads while the next target is packed.
    const compressing = Promise.all([
      writeArchive(target.archive, entries, time),
      options.package(target, entries, packages),
    ]);
    archiving.push(
      compressing.then(([archive, systemPackages]) => ({
        target,
        executable,
        entries,
        archive,
        systemPackages,
      })),
    );
  }
  return { built: await Promise.all(archiving), packages, licences };
}
