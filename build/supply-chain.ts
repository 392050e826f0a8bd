/**
 * Checks third-party code: every package of the lock file has a hash and an allowed licence, all come from the
 * registry, those with install scripts are known, and the bundle contains the packages that `supply-chain.json`
 * names. Returns problems, one line each; `scripts/supply-chain.ts` prints them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { bundledPackages } from './bundle.ts';
import { taskBuild } from './task.ts';

const Names = z.array(z.string());

export const Policy = z.strictObject({
  /** SPDX identifiers allowed for packages of any kind ... */
  licences: Names,
  /** ... and of those that become a part of the executable. */
  licencesInBundle: Names,
  /** Packages that have an install script. npm does not run it; they work without it. */
  installScripts: Names,
  /** By part of the bundle: the packages in it, in addition to those that the task's build file names. */
  bundle: z.record(z.string(), Names),
});
export type Policy = z.output<typeof Policy>;

const LockFile = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      license: z.string().optional(),
      link: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** The policy in the file next to this module. */
export function readPolicy(): Policy {
  return Policy.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'supply-chain.json'), 'utf8')));
}

/** The problems of a lock file: hashes, origins, install scripts, licences. `root` is where the packages are installed. */
export function lockProblems(lockFile: unknown, policy: Policy, root: string): string[] {
  const { packages } = LockFile.parse(lockFile);
  const entries = Object.entries(packages).filter(([path]) => path !== '');
  const problems = entries.flatMap(([path, entry]) => {
    const { integrity = '', resolved, link, hasInstallScript, license } = entry;
    const licence = installedLicence(join(root, path)) ?? license;
    return [
      link === true && `${path}: a link to a folder; depend on a version of the registry`,
      !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) && `${path}: no sha512 in package-lock.json`,
      resolved !== undefined &&
        `${path}: package-lock.json holds an address; run npm install with this .npmrc`,
      hasInstallScript === true &&
        !policy.installScripts.includes(nameOf(path)) &&
        `${path}: has an install script; read it, then list it among installScripts`,
      !isAllowed(licence, policy.licences) && `${path}: licence ${licence ?? 'missing'} is not allowed`,
    ];
  });
  return [
    ...problems.filter((problem) => problem !== false),
    ...originProblems(packages),
    ...unused(entries, policy),
  ];
}

/** Versions of direct dependencies are exact, so none of them is a git URL or a file path. */
function originProblems(packages: z.output<typeof LockFile>['packages']): string[] {
  const Root = z.looseObject({
    dependencies: z.record(z.string(), z.string()).default({}),
    devDependencies: z.record(z.string(), z.string()).default({}),
    optionalDependencies: z.record(z.string(), z.string()).default({}),
  });
  const { dependencies, devDependencies, optionalDependencies } = Root.parse(packages['']);
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version))
    .map(([name, version]) => `${name}: "${version}" is not an exact version`);
}

/** Entries of the policy that are no longer needed. */
function unused(
  entries: readonly (readonly [string, { readonly hasInstallScript?: boolean | undefined }])[],
  policy: Policy,
): string[] {
  const scripted = new Set(
    entries.flatMap(([path, { hasInstallScript }]) => (hasInstallScript === true ? [nameOf(path)] : [])),
  );
  return policy.installScripts
    .filter((name) => !scripted.has(name))
    .map((name) => `${name}: has no install script any more; take it from installScripts`);
}

/** The problems of the bundle: packages that are not listed, and listed ones that are missing. */
export async function bundleProblems(policy: Policy): Promise<string[]> {
  const found = await bundledPackages();
  const ofTask: Readonly<Record<string, readonly string[]>> = taskBuild.packages ?? {};
  return Object.entries(found).flatMap(([part, folders]) => {
    const names = folders.map(nameOf);
    const allowed = [...(policy.bundle[part] ?? []), ...(ofTask[part] ?? [])];
    return [
      ...names
        .filter((name) => !allowed.includes(name))
        .map((name) => `${name}: is new in the part "${part}" of the bundle`),
      ...allowed
        .filter((name) => !names.includes(name))
        .map((name) => `${name}: is not in the part "${part}" of the bundle any more`),
      ...folders
        .filter((folder) => !isAllowed(installedLicence(folder), policy.licencesInBundle))
        .map((folder) => `${folder}: its licence is not allowed in the executable`),
    ];
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Undefined for a package of another system, which is not installed here. */
function installedLicence(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { data } = z.looseObject({ license: z.string() }).safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return data?.license ?? 'missing';
}

/** True when an SPDX expression (annex D: identifiers, AND before OR, parentheses) requires only allowed licences. */
export function isAllowed(expression: string | undefined, allowed: readonly string[]): boolean {
  const tokens = (expression ?? '').match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const atom = (): boolean => {
    const token = tokens[at];
    at += 1;
    if (token !== '(') return token !== undefined && allowed.includes(token);
    const inner = either();
    at += 1;
    return inner && tokens[at - 1] === ')';
  };
  const all = (): boolean => {
    let holds = atom();
    for (; tokens[at] === 'AND';) {
      at += 1;
      holds = atom() && holds;
    }
    return holds;
  };
  const either = (): boolean => {
    let holds = all();
    for (; tokens[at] === 'OR';) {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  return either() && at === tokens.length;
}

/** npm's result for the registry's signatures: verified, wrong, or unavailable. */
export type Signatures =
  | { readonly state: 'verified' | 'unavailable'; readonly text: string }
  | { readonly state: 'wrong'; readonly text: string };

/** Network failures, and a registry that has no keys, as npm prints them. */
const unavailable =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E40[134]|E50\d|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|CERT_\w+|SELF_SIGNED_CERT_IN_CHAIN)\b|No dependencies? (?:found|with signatures)|found no (?:dependencies|installed)/i;

/** Runs npm to verify the signatures of all installed packages, for at most a minute. */
export function auditSignatures(npm = 'npm'): Signatures {
  const { status, stdout, stderr, error } = spawnSync(
    npm,
    ['audit', 'signatures', '--loglevel=error', '--fetch-retries=0', '--fetch-timeout=20000'],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  const said = `${stdout}\n${stderr}`;
  if (status === 0 && /verified registry signature/.test(said)) {
    return { state: 'verified', text: stdout.trim().split('\n').filter(Boolean).join('; ') };
  }
  if (error !== undefined || status === null)
    return { state: 'unavailable', text: 'npm did not answer within a minute' };
  const reason = unavailable.exec(said)?.[0];
  return reason === undefined
    ? { state: 'wrong', text: said.trim() || `ended with ${status}` }
    : { state: 'unavailable', text: `the registry or its keys cannot be reached (${reason})` };
}
