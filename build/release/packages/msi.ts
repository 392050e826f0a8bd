/**
 * A package for Windows Installer, made by `wixl` and `msibuild` of msitools. It installs for all users, below `Program Files`, and
 * adds its folder to PATH. A newer version replaces an older one.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signWindowsPackage } from '../signing.ts';
import { runTool } from '../tool.ts';
import type { PackageInput } from './package-input.ts';
import { type StagedFile, inTemporaryFolder, stage } from './staging.ts';
import { uuidOf } from './uuid.ts';

const wixl = { program: 'wixl', debianPackage: 'wixl' };
const msibuild = { program: 'msibuild', debianPackage: 'msitools' };
const msiinfo = { program: 'msiinfo', debianPackage: 'msitools' };
export const msiTools = [wixl, msibuild, msiinfo];

/** `kepm-TASK-1.2.3-win-x64.msi`. */
export function msiName({ target, facts }: PackageInput): string {
  return `${facts.name}-${facts.version}-${target.name}.msi`;
}

export async function makeMsi(input: PackageInput): Promise<Buffer> {
  const { time } = input;
  return await inTemporaryFolder(async (folder) => {
    const files = windowsFiles(input);
    // Names in the source are those of the components, whatever the files are called.
    stage(
      folder,
      files.map((file, index) => ({ ...file, path: `file-${index}` })),
      time,
    );
    stage(folder, [{ path: 'package.wxs', content: source(input, files) }], time);
    const at = { folder, time };
    await runTool(wixl, ['--arch', 'x64', '--output', 'package.msi', 'package.wxs'], at);
    const summary = await runTool(msiinfo, ['export', 'package.msi', '_SummaryInformation'], at);
    stage(
      folder,
      [
        { path: '_SummaryInformation.idt', content: sameSummary(summary, input, files) },
        { path: 'Environment.idt', content: environment },
      ],
      time,
    );
    await runTool(
      msibuild,
      [
        'package.msi',
        '-i',
        '_SummaryInformation.idt',
        '-i',
        'Environment.idt',
        ...sequences.flatMap((query) => ['-q', query]),
      ],
      at,
    );
    const made = join(folder, 'package.msi');
    signWindowsPackage(made, input.signers);
    return readFileSync(made);
  });
}

/** Paths are below the folder of the program. The first one is the executable. */
function windowsFiles({ facts, contents }: PackageInput): StagedFile[] {
  const { executable, jobs, licence, changelog, documents } = contents;
  return [
    { path: `${facts.program}.exe`, content: executable },
    { path: 'LICENSE.txt', content: licence },
    { path: 'CHANGELOG.md', content: changelog },
    ...documents.map(({ name, content }) => ({ path: name, content })),
    ...jobs.map(({ name, content }) => ({ path: `jobs/${name}`, content })),
  ];
}

/** WiX source (schema of version 3), with the elements that wixl knows. Identifiers depend on names and versions alone. */
function source({ facts }: PackageInput, files: readonly StagedFile[]): string {
  const { name, title, summary, publisher, homepage } = facts;
  const version = facts.version.replace(/[-+].*/, '');
  const component = ({ path }: StagedFile, index: number) =>
    `<Component Id="component${index}" Guid="${uuidOf(name, 'component', path)}" Win64="yes">` +
    `<File Id="file${index}" Source="file-${index}" Name="${xml(path.replace(/^.*\//, ''))}" KeyPath="yes"/></Component>`;
  const components = files.map((file, index) => ({
    isJob: file.path.includes('/'),
    text: component(file, index),
  }));
  const of = (wanted: boolean) => components.filter(({ isJob }) => isJob === wanted).map(({ text }) => text);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">',
    `<Product Id="${uuidOf(name, 'product', facts.version)}" Name="${xml(title)}" Language="1033" Version="${version}"`,
    `  Manufacturer="${xml(publisher)}" UpgradeCode="${uuidOf(name, 'upgrade')}">`,
    `<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Description="${xml(summary)}"`,
    `  Comments="${xml(`${name} ${facts.version}`)}"/>`,
    `<MajorUpgrade DowngradeErrorMessage="${xml(`A newer version of ${title} is installed. Remove it first.`)}"/>`,
    '<Media Id="1" Cabinet="files.cab" EmbedCab="yes"/>',
    '<Property Id="ARPNOMODIFY" Value="1"/>',
    ...(homepage === undefined ? [] : [`<Property Id="ARPURLINFOABOUT" Value="${xml(homepage)}"/>`]),
    '<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder">',
    `<Directory Id="INSTALLDIR" Name="${xml(title)}">`,
    ...of(false),
    '<Directory Id="JOBS" Name="jobs">',
    ...of(true),
    '</Directory></Directory></Directory></Directory>',
    '<Feature Id="Main" Level="1">',
    ...files.map((_, index) => `<ComponentRef Id="component${index}"/>`),
    '</Feature></Product></Wix>\n',
  ].join('\n');
}

/** The summary without the random package code and the present time. Packages with other contents have other codes. */
function sameSummary(exported: string, { facts, time }: PackageInput, files: readonly StagedFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0`).update(content);
  const code = uuidOf(facts.name, 'package', facts.version, hash.digest('hex'));
  const saved = time.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  return exported
    .replace(/^9\t[^\r\n]*/m, `9\t{${code.toUpperCase()}}`)
    .replaceAll(/^(1[23])\t[^\r\n]*/gm, `$1\t${saved}`);
}

/** wixl has no element for it: adds the folder to the end of PATH for all users, and removes it from there on removal. */
const environment = [
  'Environment\tName\tValue\tComponent_',
  's72\tl255\tL255\ts72',
  'Environment\tEnvironment',
  'path\t=-*PATH\t[~];[INSTALLDIR]\tcomponent0',
  '',
].join('\r\n');
/** The recommended numbers (Windows Installer, "Suggested InstallExecuteSequence"). */
const sequences = [
  ['RemoveEnvironmentStrings', 3300],
  ['WriteEnvironmentStrings', 5200],
].map(
  ([action, number]) =>
    `INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('${action}', ${number})`,
);

function xml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
