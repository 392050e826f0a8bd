/** A formula of Homebrew that installs the released executables for macOS and Linux (Homebrew, "Formula Cookbook"). */
import type { TaskBuild } from '../../src/host/task/task-build.ts';
import { taskBuild } from '../task.ts';
import { type BuiltTarget, archiveName } from './build-targets.ts';
import { executablePathIn, isJob } from './contents.ts';
import { sha256 } from './manifest.ts';
import type { Facts } from './packages/package-input.ts';

/** As Homebrew names its blocks. */
const systems = { macOS: 'on_macos', linux: 'on_linux' } as const;
const architectures = { arm64: 'on_arm', x64: 'on_intel' } as const;

type Built = Pick<BuiltTarget, 'target' | 'entries' | 'archive'>;

/**
 * The text of `kepm-TASK.rb`.
 * @param built the targets of the release; nothing is made of those for Windows alone
 * @param url of the folder that the archives are downloaded from
 */
export function homebrewFormula(facts: Facts, built: readonly Built[], url: string): string | undefined {
  const { name, program, summary, homepage, version, licence } = facts;
  const blocks = Object.entries(systems).flatMap(([os, block]) => {
    const downloads = built.filter(({ target }) => target.os === os).flatMap((one) => download(one, url));
    return downloads.length === 0 ? [] : ['', `  ${block} do`, ...downloads, '  end'];
  });
  const first = built.find(({ target }) => target.os in systems);
  if (first === undefined) return undefined;
  const executable = executablePathIn(first.target);
  const others = first.entries.map(({ path }) => path).filter((path) => path !== executable);
  return [
    `class ${className(name)} < Formula`,
    `  desc ${quoted(summary)}`,
    ...(homepage === undefined ? [] : [`  homepage ${quoted(homepage)}`]),
    `  version ${quoted(version)}`,
    `  license ${quoted(licence)}`,
    ...blocks,
    '',
    '  def install',
    `    bin.install ${installed([executable])}`,
    `    (pkgshare/"jobs").install ${installed(others.filter(isJob))}`,
    `    doc.install ${installed(others.filter((path) => !isJob(path)))}`,
    `    generate_completions_from_executable(bin/${quoted(program)}, "completion", shells: [:bash, :zsh])`,
    '  end',
    '',
    '  test do',
    `    assert_match version.to_s, shell_output("#{bin}/${program} --version")`,
    ...idleRun(program),
    '  end',
    'end\n',
  ].join('\n');
}

/** `kepm-disk-space` is `KepmDiskSpace`. */
function className(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function download({ target, archive }: Built, url: string): string[] {
  return [
    `    ${architectures[target.arch]} do`,
    `      url ${quoted(`${url}/${archiveName(target)}`)}`,
    `      sha256 ${quoted(sha256(archive))}`,
    '    end',
  ];
}

/** Paths as they are when Homebrew has unpacked an archive: it enters the folder that is alone at the top. */
function installed(paths: readonly string[]): string {
  return paths.map((path) => quoted(path.slice(path.indexOf('/') + 1))).join(',\n      ');
}

/** A run on the empty folder of the test. */
function idleRun(program: string): string[] {
  const { idleRun: run }: Pick<TaskBuild, 'idleRun'> = taskBuild;
  if (run === undefined) return [];
  const arguments_ = run.map((argument) => (argument === '{folder}' ? 'testpath' : quoted(argument)));
  return [`    system bin/${quoted(program)}, ${arguments_.join(', ')}`];
}

/** A string of Ruby in which nothing is evaluated. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('#', '\\#');
}
