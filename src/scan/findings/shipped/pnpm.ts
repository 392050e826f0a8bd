/**
 * Files of packages that pnpm installed: its store has every file under the SHA-512 of its content, and `.modules.yaml` names the store
 * (pnpm's "Symlinked node_modules structure"). Only packages of the public registry: others are not known to everybody.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { isPublicRegistry } from './node-package.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_SETTINGS_BYTES = 1024 * 1024;
const installed =
  /^(.*[\\/]node_modules)[\\/]\.pnpm[\\/][^\\/]+?@(\d[^\\/_(]*)[^\\/]*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const stored = /[\\/]store[\\/](v\d+)[\\/]files[\\/]([0-9a-f]{2})[\\/]([0-9a-f]{126})(?:-exec)?$/;

/** Finds the package of a file, if the file is as in the store. A file in the store is one of the store. */
export function pnpmOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  const remembered = files.remembers<Settings>();
  const sumOf = (path: string) => files.sumOf(path, MAX_BYTES, 'sha512')?.digest('hex');
  return (path) => {
    const [, storeVersion = '', start = '', end = ''] = stored.exec(path) ?? [];
    if (storeVersion !== '') return sumOf(path) === start + end ? `pnpm-store ${storeVersion}` : undefined;
    const [, root = '', version = '', folder = ''] = installed.exec(path) ?? [];
    if (root === '') return undefined;
    const name = folder.replaceAll('\\', '/');
    const list = paths.join(root, '.modules.yaml');
    const settings = remembered(list, () => settingsIn(files.bytesOf(list, MAX_SETTINGS_BYTES)));
    const { store, registries } = settings;
    const registry = registries.get(name.split('/')[0] ?? '') ?? registries.get('default') ?? '';
    if (store === undefined || !paths.isAbsolute(store) || !isPublicRegistry(registry)) return undefined;
    const sum = sumOf(path);
    if (sum === undefined) return undefined;
    const entry = paths.join(store, 'files', sum.slice(0, 2), sum.slice(2));
    return [entry, `${entry}-exec`].some((one) => files.isThere(one, MAX_BYTES))
      ? `${name} ${version}`
      : undefined;
  };
}

interface Settings {
  readonly store: string | undefined;
  /** By scope, or `default`. */
  readonly registries: ReadonlyMap<string, string>;
}

/** The file is JSON in newer versions, and simple YAML in older ones. */
function settingsIn(bytes: Buffer | undefined): Settings {
  const text = bytes?.toString('utf8') ?? '';
  const store = /^\s*"?storeDir"?: *"?([^"\r\n]+)/m.exec(text)?.[1]?.replaceAll('\\\\', '\\');
  const registries = text.matchAll(/^\s+["']?(default|@[\w.-]+)["']?: *["']?(https?:[^"'\s]+)/gm);
  return { store, registries: new Map([...registries].map(([, scope = '', url = '']) => [scope, url])) };
}
