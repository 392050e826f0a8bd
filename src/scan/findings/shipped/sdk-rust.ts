/**
 * Files of a Rust toolchain: `manifest-COMPONENT` lists them, without sums, and is written after them. A file that is not newer was not
 * modified.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_COMPONENTS = 50;
const inToolchain = /^(.*[\\/]toolchains[\\/]([^\\/]+))[\\/](.+)$/;

/** Finds the toolchain of a file, if the file is listed and not newer than the list. */
export function rustSdkOrigin({ path: paths, fs }: Platform, files: PackageFiles): Origin {
  const remembered = files.remembers<ReadonlyMap<string, string>>();
  const componentsOf = (lists: string): ReadonlyMap<string, string> => {
    const names = files.namesIn(lists, MAX_COMPONENTS, (name) => name.startsWith('manifest-'));
    return new Map(
      names
        .map((name) => paths.join(lists, name))
        .flatMap((list) => linesOf(files.bytesOf(list, MAX_LIST_BYTES)).map((line) => [line, list] as const)),
    );
  };
  return (path) => {
    const [, toolchain = '', channel = '', rest = ''] = inToolchain.exec(path) ?? [];
    if (toolchain === '') return undefined;
    const lists = paths.join(toolchain, 'lib', 'rustlib');
    const components = remembered(lists, () => componentsOf(lists));
    const list = entriesFor(rest.replaceAll('\\', '/'))
      .map((entry) => components.get(entry))
      .find((one) => one !== undefined);
    const written = list === undefined ? undefined : files.modifiedAt(list, MAX_LIST_BYTES);
    return written !== undefined && fs.status(path).mtimeMs <= written ? `rust ${channel}` : undefined;
  };
}

function linesOf(list: Buffer | undefined): string[] {
  return list?.toString('utf8').split('\n') ?? [];
}

/** The lines that list a file: its own, or that of a folder above it. */
function entriesFor(name: string): string[] {
  const parts = name.split('/');
  return [`file:${name}`, ...parts.slice(1).map((_, index) => `dir:${parts.slice(0, index + 1).join('/')}`)];
}
