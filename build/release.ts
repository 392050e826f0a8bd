/**
 * Builds what an administrator deploys, for every system, on one Linux machine that needs only the npm registry and, for packages,
 * some tools of Debian:
 *
 *   npm run release [-- --out DIR] [--target NAME ..] [--no-packages] [--sign-windows PROGRAM] [--sign-macos PROGRAM]
 *                      [--sign-key FILE] [--provenance-key FILE] [--builder URI] [--url URL] [--keep-figures]
 *
 * Writes archives, packages, a recipe for a container image, a formula for Homebrew, `release.json`, `SHA256SUMS`, the bill of
 * materials, the provenance, licences and notes, and prints the table. A signing program is started with the path of an executable or of a package for Windows, and signs it in place
 * (`build/signing/`); SIGN_NAME and SIGN_DESCRIPTION are the task's. `--sign-key` signs `SHA256SUMS` with a secret key of minisign,
 * `--provenance-key` the provenance with a private key (PEM); `--builder` is what the provenance calls the builder. `--url` is
 * the folder that Homebrew will download the archives from, by default the release of the tag `vVERSION` on GitHub if `package.json` has
 * a homepage there; without either, there is no formula. `--keep-figures` makes later releases compare with this one.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { describeError } from '../src/host/exit/task-error.ts';
import { archiveName, buildTargets } from './release/build-targets.ts';
import { releaseNotes } from './release/changelog.ts';
import { containerfile } from './release/containerfile.ts';
import { describeTarget } from './release/describe.ts';
import { type Measured, figuresTable, keepFigures, packagesTable } from './release/figures.ts';
import { homebrewFormula } from './release/homebrew.ts';
import { type ReleaseManifest, releaseName, sha256 } from './release/manifest.ts';
import { factsOf, makePackages, packagingTools } from './release/packages/index.ts';
import type { Facts } from './release/packages/package-input.ts';
import { STATEMENT_TYPE, provenance } from './release/provenance.ts';
import { billOfMaterials } from './release/sbom.ts';
import { minisign, signExecutable, signWithMinisign, signedEnvelope } from './release/signing.ts';
import { sourceState } from './release/source.ts';
import { measureStartUp } from './release/start-up.ts';
import { requireTools } from './release/tool.ts';
import { loadTask, taskBuild } from './task.ts';
import { hostTarget, targets } from './targets.ts';

/** Number of starts on the host; an emulator takes seconds for each. */
const ROUNDS = 11;
const EMULATED_ROUNDS = 3;

const options = {
  out: { type: 'string', default: join('dist', 'release') },
  target: { type: 'string', multiple: true, default: targets.map(({ name }) => name) },
  'no-packages': { type: 'boolean', default: false },
  'sign-windows': { type: 'string' },
  'sign-macos': { type: 'string' },
  'sign-key': { type: 'string' },
  'provenance-key': { type: 'string' },
  builder: { type: 'string', default: 'urn:npm:run:release' },
  url: { type: 'string' },
  'keep-figures': { type: 'boolean', default: false },
} as const;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`release: ${describeError(error)}`);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const chosen = values.target.map((name) => {
    const target = targets.find((one) => one.name === name);
    if (target !== undefined) return target;
    throw new Error(`--target ${name}: write one of ${targets.map((one) => one.name).join(', ')}`);
  });
  const withPackages = !values['no-packages'];
  const { 'sign-key': signKey, 'provenance-key': provenanceKeyFile } = values;
  // What is missing is known before minutes of packing.
  if (withPackages) requireTools(packagingTools(chosen), 'give --no-packages');
  if (signKey !== undefined) {
    requireTools([minisign], 'leave out --sign-key');
    readFileSync(signKey);
  }
  const provenanceKey = provenanceKeyFile && readFileSync(provenanceKeyFile);
  const { version } = manifest;
  const changelog = readFileSync(taskBuild.changelog);
  const notes = releaseNotes(changelog.toString(), version);
  const { commit, time } = sourceState();
  const task = await loadTask();

  const signers = { windows: values['sign-windows'], macOS: values['sign-macos'], linux: undefined };
  const { built, packages, licences } = await buildTargets(chosen, {
    time,
    sign: (target, executable) => signExecutable(target, executable, signers),
    package: async (target, entries, graph) =>
      withPackages ? await makePackages(target, entries, { task, changelog, graph, time, signers }) : [],
  });
  const measured = built.map((one): Measured => ({
    released: describeTarget(one),
    startUp: measureStartUp(
      one.target,
      one.executable,
      one.target === hostTarget() ? ROUNDS : EMULATED_ROUNDS,
    ),
  }));
  const release: ReleaseManifest = {
    name: releaseName,
    version,
    commit,
    date: time.toISOString(),
    targets: measured.map(({ released }) => released),
  };
  const deliverables = built.flatMap(({ target, archive, systemPackages }) => [
    { name: archiveName(target), content: archive },
    ...systemPackages,
  ]);
  const statement = provenance({
    files: deliverables.map(({ name, content }) => ({ name, sha256: sha256(content) })),
    commit,
    targets: chosen,
    withPackages,
    builder: values.builder,
  });
  const facts = factsOf(task);
  const hasDeb = deliverables.some(({ name }) => name.endsWith('.deb'));
  const { url = publishedAt(facts) } = values;
  const formula = url === undefined ? undefined : homebrewFormula(facts, built, url);
  const sums = writeRelease(values.out, {
    ...Object.fromEntries(deliverables.map(({ name, content }) => [name, content])),
    ...(hasDeb && { Containerfile: containerfile(facts, commit) }),
    ...(formula !== undefined && { [`${facts.name}.rb`]: formula }),
    'RELEASE-NOTES.md': notes,
    'THIRD-PARTY-LICENSES.txt': licences,
    'release.json': `${JSON.stringify(release, null, 2)}\n`,
    'sbom.cdx.json': billOfMaterials({ packages, targets: chosen }, time),
    'provenance.json': statement,
    ...(provenanceKey && {
      'provenance.intoto.jsonl': `${signedEnvelope(STATEMENT_TYPE, statement, provenanceKey)}\n`,
    }),
  });
  const title = `${releaseName} ${version}, commit ${commit}`;
  if (signKey !== undefined) signWithMinisign(sums, signKey, title);
  console.log(`\n${title}, in ${values.out}\n`);
  for (const line of [...figuresTable(measured), ...packagesTable(measured)]) console.log(line);
  if (values['keep-figures']) keepFigures(version, measured);
}

/** Where the release workflow publishes the files of a version. */
function publishedAt({ homepage, version }: Facts): string | undefined {
  return homepage?.startsWith('https://github.com/')
    ? `${homepage}/releases/download/v${version}`
    : undefined;
}

/**
 * Writes files by name, and their hashes in the format of `sha256sum --check`.
 * @returns the path of the list of hashes
 */
function writeRelease(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const sums = Object.entries(files).map(([name, content]) => `${sha256(content)}  ${name}\n`);
  const list = join(folder, 'SHA256SUMS');
  writeFileSync(list, sums.sort().join(''));
  return list;
}
