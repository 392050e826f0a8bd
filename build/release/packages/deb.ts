/** A package for Debian 12, Ubuntu 20.04 and later, and their relatives, made by `dpkg-deb` (deb(5), Debian Policy). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runTool } from '../tool.ts';
import { wrapped } from '../../../src/host/config/help-layout.ts';
import { linuxFiles } from './linux-files.ts';
import { type Facts, type PackageInput, REVISION, comparableVersion } from './package-input.ts';
import { type StagedFile, inTemporaryFolder, stage } from './staging.ts';

const dpkgDeb = { program: 'dpkg-deb', debianPackage: 'dpkg' };
export const debTools = [dpkgDeb];

/** As Debian spells them. */
const architectures = { x64: 'amd64', arm64: 'arm64' } as const;

/** Of the extended description (Debian Policy, 5.6.13). */
const DESCRIPTION_COLUMNS = 78;

/** What Node needs of the system, from Debian 12 and Ubuntu 20.04 on. A test compares this with the executable. */
const DEPENDS = 'libc6 (>= 2.28), libatomic1, libgcc-s1, libstdc++6 (>= 5.2)';

/** `kepm-TASK_1.2.3-1_amd64.deb`. */
export function debName({ target, facts }: PackageInput): string {
  return debNameFor(facts, architectures[target.arch]);
}

/** @param architecture as Debian spells it */
export function debNameFor({ name, version }: Facts, architecture: string): string {
  return `${name}_${debVersion(version)}_${architecture}.deb`;
}

export async function makeDeb(input: PackageInput): Promise<Buffer> {
  const { time } = input;
  return await inTemporaryFolder(async (folder) => {
    const files = [...linuxFiles(input, 'usr/share/zsh/vendor-completions'), ...documentsOf(input)];
    stage(join(folder, 'root'), files, time);
    stage(join(folder, 'root', 'DEBIAN'), controlFiles(input, files), time);
    // With more threads, the bytes would depend on their number. Level 19 saves a tenth, and takes ten times as long.
    const how = ['--root-owner-group', '-Zzstd', '-z9', '--threads-max=1'];
    await runTool(dpkgDeb, [...how, '--build', 'root', 'package.deb'], { folder, time });
    return readFileSync(join(folder, 'package.deb'));
  });
}

function debVersion(version: string): string {
  return `${comparableVersion(version)}-${REVISION}`;
}

/** What every Debian package has in /usr/share/doc: the licence as `copyright`, the changelog, and one of the packaging. */
function documentsOf({ facts, contents, time }: PackageInput): StagedFile[] {
  const folder = `usr/share/doc/${facts.name}`;
  const { name, version, publisher, title } = facts;
  const copyright = [
    `${title}, by ${publisher}. The licences of the software that it contains are in THIRD-PARTY-LICENSES.txt.`,
    contents.licence.toString(),
  ].join('\n\n');
  const packaging = [
    `${name} (${debVersion(version)}) stable; urgency=medium`,
    `  * ${title} ${version}: see changelog.gz.`,
    ` -- ${maintainer(publisher)}  ${time.toUTCString().replace('GMT', '+0000')}\n`,
  ].join('\n\n');
  return [
    { path: `${folder}/copyright`, content: copyright },
    { path: `${folder}/changelog.gz`, content: gzipSync(contents.changelog, { level: 9 }) },
    { path: `${folder}/changelog.Debian.gz`, content: gzipSync(packaging, { level: 9 }) },
  ];
}

function controlFiles({ target, facts }: PackageInput, files: readonly StagedFile[]): StagedFile[] {
  const { name, version, publisher, summary, description, homepage } = facts;
  const sizes = files.map(({ content }) => Math.ceil(Buffer.byteLength(content) / 1024));
  const fields = [
    `Package: ${name}`,
    `Version: ${debVersion(version)}`,
    `Architecture: ${architectures[target.arch]}`,
    `Maintainer: ${maintainer(publisher)}`,
    `Installed-Size: ${sizes.reduce((sum, size) => sum + size, 0)}`,
    `Depends: ${DEPENDS}`,
    'Section: admin',
    'Priority: optional',
    ...(homepage === undefined ? [] : [`Homepage: ${homepage}`]),
    `Description: ${summary}`,
    ...wrapped(description, DESCRIPTION_COLUMNS).map((line) => ` ${line}`),
  ];
  const md5 = (content: Buffer | string) => createHash('md5').update(content).digest('hex');
  return [
    { path: 'control', content: `${fields.join('\n')}\n` },
    { path: 'md5sums', content: files.map(({ path, content }) => `${md5(content)}  ${path}\n`).join('') },
    { path: 'postrm', content: purge(name), executable: true },
  ];
}

/** Removal keeps the state of runs as root; purging removes it. DPKG_ROOT is set when dpkg works on another root. */
function purge(name: string): string {
  return [
    '#!/bin/sh',
    'set -e',
    'if [ "$1" = purge ]; then',
    `  rm -rf "\${DPKG_ROOT:-}/var/lib/${name}"`,
    'fi\n',
  ].join('\n');
}

/** Policy requires an address; one that cannot exist says that there is none. */
function maintainer(publisher: string): string {
  return `${publisher} <nobody@invalid>`;
}
