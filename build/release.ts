/**
 * Builds what an administrator deploys, for every system, on one Linux machine that needs only the npm registry:
 *
 *   npm run release [-- --out DIR] [--target NAME ..] [--sign-windows PROGRAM] [--sign-macos PROGRAM] [--keep-figures]
 *
 * Writes archives, `release.json`, `SHA256SUMS`, the bill of materials, licences and notes, and prints the table. A
 * signing program is started with the executable's path and signs it in place (`build/signing/`); SIGN_NAME and
 * SIGN_DESCRIPTION are the task's. `--keep-figures` makes later releases compare with this one.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { JobDocument } from '../src/host/job/index.ts';
import { type BuiltTarget, archiveName, buildTargets } from './release/build-targets.ts';
import { releaseNotes } from './release/changelog.ts';
import { executablePathIn, jobPath } from './release/contents.ts';
import { type Measured, figuresTable, keepFigures } from './release/figures.ts';
import {
  type ReleaseManifest,
  type ReleasedTarget,
  describeFile,
  releaseName,
  sha256,
} from './release/manifest.ts';
import { billOfMaterials } from './release/sbom.ts';
import { signatureOf, withoutOrganisation } from './release/signature.ts';
import { sourceState } from './release/source.ts';
import { measureStartUp } from './release/start-up.ts';
import { lockedPackage } from './stock-node.ts';
import { taskBuild } from './task.ts';
import { type Target, hostTarget, targets } from './targets.ts';

/** Number of starts on the host; an emulator takes seconds for each. */
const ROUNDS = 11;
const EMULATED_ROUNDS = 3;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join('dist', 'release') },
    target: { type: 'string', multiple: true, default: targets.map(({ name }) => name) },
    'sign-windows': { type: 'string' },
    'sign-macos': { type: 'string' },
    'keep-figures': { type: 'boolean', default: false },
  },
});
const signers = { windows: values['sign-windows'], macOS: values['sign-macos'], linux: undefined };

const chosen = values.target.map((name) => {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) {
    throw new Error(`--target ${name}: write one of ${targets.map((one) => one.name).join(', ')}`);
  }
  return target;
});
const source = sourceState();
const { version } = manifest;
const { built, packages, licences } = await buildTargets(chosen, source.time, sign);
const measured = built.map((one): Measured => ({
  released: describe(one),
  startUp: measureStartUp(one.target, one.executable, one.target === hostTarget() ? ROUNDS : EMULATED_ROUNDS),
}));
const release: ReleaseManifest = {
  name: releaseName,
  version,
  commit: source.commit,
  date: source.time.toISOString(),
  targets: measured.map(({ released }) => released),
};
writeRelease(values.out, {
  ...Object.fromEntries(built.map(({ target, archive }) => [archiveName(target), archive])),
  'RELEASE-NOTES.md': releaseNotes(readFileSync(taskBuild.changelog, 'utf8'), version),
  'THIRD-PARTY-LICENSES.txt': licences,
  'release.json': `${JSON.stringify(release, null, 2)}\n`,
  'sbom.cdx.json': billOfMaterials({ packages, targets: chosen }, source.time),
});
console.log(`\n${releaseName} ${version}, commit ${source.commit}, in ${values.out}\n`);
for (const line of figuresTable(measured)) console.log(line);
if (values['keep-figures']) keepFigures(version, measured);

/** Runs the organisation's signing program, and verifies that it changed nothing but the signature. */
function sign(target: Target, executable: string): void {
  const program = signers[target.os];
  if (program === undefined) return;
  const before = withoutOrganisation(target, readFileSync(executable));
  const env = { ...process.env, SIGN_NAME: taskBuild.name, SIGN_DESCRIPTION: taskBuild.description };
  execFileSync(program, [executable], { stdio: 'inherit', env });
  const after = readFileSync(executable);
  if (signatureOf(target, after).kind !== 'organisation') {
    throw new Error(`${program} left no signature in ${executable}`);
  }
  if (!withoutOrganisation(target, after).equals(before)) {
    throw new Error(`${program} changed more of ${executable} than its signature`);
  }
}

function describe({ target, entries, archive }: BuiltTarget): ReleasedTarget {
  const file = (path: string) => {
    const content = entries.find((entry) => entry.path === path)?.content;
    if (content === undefined) throw new Error(`no ${path} in the archive of ${target.name}`);
    return { description: describeFile(path, content), content };
  };
  const [executable, job] = [file(executablePathIn(target)), file(jobPath)];
  const { id, osFilter } = JobDocument.parse(JSON.parse(job.content.toString()));
  if (osFilter === undefined || basename(jobPath, '.json') !== id)
    throw new Error(`${jobPath} is not a job document of this task`);
  return {
    target: target.name,
    osFilter,
    archive: describeFile(archiveName(target), archive),
    executable: executable.description,
    job: { id, ...job.description },
    node: { package: target.nodePackage, ...lockedPackage(target.nodePackage) },
    signature: signatureOf(target, executable.content),
  };
}

/** Files by name, and their hashes in the format of `sha256sum --check`. */
function writeRelease(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const sums = Object.entries(files).map(([name, content]) => `${sha256(content)}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.sort().join(''));
}
