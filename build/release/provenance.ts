/**
 * Where the files of a release come from: a statement of in-toto (version 1) with the provenance of SLSA (version 1). The same source
 * gives the same statement.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { hostTarget } from '../targets.ts';
import { releaseName } from './manifest.ts';

/** The type of the statement, for envelopes. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json';

/** One value or several. */
const Systems = z.union([z.string(), z.array(z.string())]).optional();
const Lock = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      integrity: z.string().optional(),
      os: Systems,
      cpu: Systems,
      libc: Systems,
    }),
  ),
});
type LockedPackage = z.output<typeof Lock>['packages'][string];

export interface Build {
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** The commit's hash, as in `release.json`. */
  readonly commit: string;
  /** The names of the targets, and the npm packages with their Nodes. */
  readonly targets: readonly { readonly name: string; readonly nodePackage: string }[];
  readonly withPackages: boolean;
  /** URI of what ran the build. */
  readonly builder: string;
}

export function provenance({ files, commit, targets, withPackages, builder }: Build): string {
  const { name, repository }: { name: string; repository?: { url: string } } = manifest;
  // A URN where the project has no public repository.
  const project = repository?.url.replace(/\.git$/, '') ?? `urn:npm:${name}`;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${project.replace(/^git\+/, '')}#npm-run-release`,
        externalParameters: {
          source: `${project}@${commit}`,
          release: releaseName,
          version: manifest.version,
          targets: targets.map(({ name }) => name),
          packages: withPackages,
        },
        resolvedDependencies: [
          { uri: `${project}@${commit}`, digest: { gitCommit: commit.replace(/\+.*/, '') } },
          ...lockedDependencies(new Set(targets.map(({ nodePackage }) => nodePackage))),
        ],
      },
      runDetails: { builder: { id: builder } },
    },
  };
  return `${JSON.stringify(statement, null, 2)}\n`;
}

/** What the lock file has for the builder's system, and the Nodes of the targets. */
function lockedDependencies(nodes: ReadonlySet<string>) {
  const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const byUri = new Map<string, { readonly uri: string; readonly digest: { readonly sha512: string } }>();
  for (const [path, locked] of Object.entries(packages)) {
    const { name = path.replace(/^.*node_modules\//, ''), version, integrity } = locked;
    if (path === '' || version === undefined || integrity === undefined) continue;
    if (!nodes.has(name) && !isForBuilder(locked)) continue;
    const uri = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const sha512 = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
    byUri.set(uri, { uri, digest: { sha512 } });
  }
  return [...byUri.values()].toSorted((one, other) => (one.uri < other.uri ? -1 : 1));
}

function isForBuilder({ os, cpu, libc }: LockedPackage): boolean {
  const { platform, arch } = hostTarget();
  return allows(os, platform) && allows(cpu, arch) && allows(libc, 'glibc');
}

/** As npm reads `os`, `cpu` and `libc`: names, or names that are excluded by an exclamation mark. */
function allows(systems: z.output<typeof Systems>, system: string): boolean {
  const names = [systems ?? []].flat();
  if (names.includes(`!${system}`)) return false;
  return names.includes(system) || names.every((name) => name.startsWith('!'));
}
