/** The packages of a release: for each target of Linux one for each family of distributions, and one for Windows. */
import manifest from '../../../package.json' with { type: 'json' };
import type { Entry } from '../../../src/host/commands/deploy/archive/entry.ts';
import type { Task } from '../../../src/host/task/task.ts';
import type { PackageGraph } from '../../bundle.ts';
import { taskBuild } from '../../task.ts';
import type { Target } from '../../targets.ts';
import { executablePathIn, jobsIn, textsIn } from '../contents.ts';
import { releaseName } from '../manifest.ts';
import { billOfMaterials } from '../sbom.ts';
import type { Signers } from '../signing.ts';
import type { Tool } from '../tool.ts';
import { debName, debTools, makeDeb } from './deb.ts';
import { manualPage } from './manual.ts';
import { makeMsi, msiName, msiTools } from './msi.ts';
import type { Facts, PackageContents, PackageInput } from './package-input.ts';
import { makeRpm, rpmName, rpmTools } from './rpm.ts';

interface Packer {
  readonly tools: readonly Tool[];
  nameOf(input: PackageInput): string;
  make(input: PackageInput): Promise<Buffer>;
}

export const packers = {
  deb: { tools: debTools, nameOf: debName, make: makeDeb },
  rpm: { tools: rpmTools, nameOf: rpmName, make: makeRpm },
  msi: { tools: msiTools, nameOf: msiName, make: makeMsi },
} as const satisfies Readonly<Record<string, Packer>>;

export type PackageKind = keyof typeof packers;

export interface SystemPackage {
  readonly kind: PackageKind;
  /** Of the file. */
  readonly name: string;
  readonly content: Buffer;
}

/** The kinds of packages for a target. None for macOS: nothing well kept makes its packages on Linux. */
function packageKinds({ os }: Target): readonly PackageKind[] {
  if (os === 'linux') return ['deb', 'rpm'];
  return os === 'windows' ? ['msi'] : [];
}

/** What the packages for these targets are made with. */
export function packagingTools(targets: readonly Target[]): readonly Tool[] {
  const kinds = new Set(targets.flatMap(packageKinds));
  return [...kinds].flatMap((kind) => packers[kind].tools);
}

/** What packages say about the program. */
export function factsOf({ description }: Task): Facts {
  const { homepage, license, version }: { homepage?: string; license: string; version: string } = manifest;
  return {
    name: releaseName,
    program: taskBuild.name,
    title: taskBuild.title,
    summary: taskBuild.description,
    description,
    publisher: taskBuild.publisher,
    licence: license,
    homepage,
    version,
  };
}

/** What all packages of a release have, besides the contents of an archive. */
export interface Common {
  readonly task: Task;
  readonly changelog: Buffer;
  /** The npm packages in the executables. */
  readonly graph: PackageGraph;
  readonly time: Date;
  /** Packages for Windows are signed, too. */
  readonly signers: Signers;
}

/** Makes the packages for a target. @param entries of the archive for this target */
export async function makePackages(
  target: Target,
  entries: readonly Entry[],
  { task, changelog, graph, time, signers }: Common,
): Promise<SystemPackage[]> {
  const facts = factsOf(task);
  const bill = billOfMaterials({ packages: graph, targets: [target] }, time);
  const documents = [{ name: 'sbom.cdx.json', content: Buffer.from(bill) }];
  const more = { changelog, documents, manual: manualPage(task, facts, time) };
  const contents = packageContents(target, entries, more);
  const input = { target, facts, contents, time, signers };
  return await Promise.all(
    packageKinds(target).map(async (kind) => ({
      kind,
      name: packers[kind].nameOf(input),
      content: await packers[kind].make(input),
    })),
  );
}

/**
 * What a package installs: what an archive has, and more.
 * @param entries of the archive
 */
export function packageContents(
  target: Target,
  entries: readonly Entry[],
  more: Pick<PackageContents, 'changelog' | 'documents' | 'manual'>,
): PackageContents {
  const executable = entries.find(({ path }) => path === executablePathIn(target))?.content;
  const texts = textsIn(target, entries);
  const licence = texts.find(({ name }) => name === 'LICENSE.txt')?.content;
  if (executable === undefined || licence === undefined) {
    throw new Error(`the archive for ${target.name} is incomplete`);
  }
  const others = texts.filter(({ content }) => content !== licence);
  return { ...more, executable, licence, jobs: jobsIn(entries), documents: [...others, ...more.documents] };
}
