/** A package for Fedora, RHEL, SUSE and their relatives, made by `rpmbuild` from a spec file without a source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../tool.ts';
import { linuxFiles } from './linux-files.ts';
import { type PackageInput, REVISION, comparableVersion } from './package-input.ts';
import { type StagedFile, inTemporaryFolder, stage } from './staging.ts';

const rpmbuild = { program: 'rpmbuild', debianPackage: 'rpm' };
export const rpmTools = [rpmbuild];

/** As RPM spells them. */
const architectures = { x64: 'x86_64', arm64: 'aarch64' } as const;

/** Keeps everything of the builder out of the package, and keeps the builder from changing the executable. */
const macros = {
  use_source_date_epoch_as_buildtime: '1',
  clamp_mtime_to_source_date_epoch: '1',
  source_date_epoch_from_changelog: '0',
  _buildhost: 'localhost',
  _build_id_links: 'none',
  debug_package: '%{nil}',
  // Stripping would remove the program from its Node.
  __os_install_post: '%{nil}',
  // RPM 4.14 (RHEL 8) and later read it. Higher levels take many times as long, and save little.
  _binary_payload: 'w9.zstdio',
};

/** `kepm-TASK-1.2.3-1.x86_64.rpm`. */
export function rpmName({ target, facts }: PackageInput): string {
  return `${facts.name}-${comparableVersion(facts.version)}-${REVISION}.${architectures[target.arch]}.rpm`;
}

export async function makeRpm(input: PackageInput): Promise<Buffer> {
  const { target, facts, contents, time } = input;
  return await inTemporaryFolder(async (folder) => {
    const licence = { path: `usr/share/licenses/${facts.name}/LICENSE`, content: contents.licence };
    const changelog = { path: `usr/share/doc/${facts.name}/CHANGELOG.md`, content: contents.changelog };
    const files = [...linuxFiles(input, 'usr/share/zsh/site-functions'), licence, changelog];
    stage(join(folder, 'root'), files, time);
    stage(folder, [{ path: 'package.spec', content: spec(input, files) }], time);
    const defined = Object.entries({
      ...macros,
      _topdir: join(folder, 'build'),
      _rpmdir: folder,
      staged: join(folder, 'root'),
      _build_name_fmt: 'package.rpm',
    });
    await runTool(
      rpmbuild,
      [
        '-bb',
        '--quiet',
        `--target=${architectures[target.arch]}-linux`,
        ...defined.flatMap(([macro, value]) => ['--define', `${macro} ${value}`]),
        'package.spec',
      ],
      { folder, time },
    );
    return readFileSync(join(folder, 'package.rpm'));
  });
}

/** RPM finds out itself which libraries the executable needs. */
function spec({ facts }: PackageInput, files: readonly StagedFile[]): string {
  const { name, version, summary, description, publisher, licence, homepage } = facts;
  const folders = [name, `${name}/jobs`, `doc/${name}`, `licenses/${name}`];
  return [
    `Name: ${name}`,
    `Version: ${comparableVersion(version)}`,
    `Release: ${REVISION}`,
    `Summary: ${literal(summary)}`,
    `License: ${literal(licence)}`,
    `Vendor: ${literal(publisher)}`,
    'Group: Applications/System',
    ...(homepage === undefined ? [] : [`URL: ${literal(homepage)}`]),
    '%description',
    literal(description),
    '%install',
    'cp -a "%{staged}/." "%{buildroot}/"',
    '%files',
    ...folders.map((path) => `%dir %attr(0755,root,root) "/usr/share/${path}"`),
    ...files.map(({ path, executable }) => {
      const kind = /^usr\/share\/(doc|licenses)\//.exec(path)?.[1];
      const mark = kind === undefined ? '' : kind === 'doc' ? '%doc ' : '%license ';
      return `${mark}%attr(${executable === true ? '0755' : '0644'},root,root) "/${path}"`;
    }),
    '',
  ].join('\n');
}

/** A text without macros. */
function literal(text: string): string {
  return text.replaceAll('%', '%%');
}
