/** Files of Ruby gems: RubyGems keeps the archive that it unpacked each gem from (RubyGems' "Gem::Installer", `cache`). */
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { tarEntries } from './tar-archive.ts';
import { isAsInTarball } from './tarball.ts';

/** Finds the gem of a file, if the file is as in the archive. */
export function rubyOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  const form = {
    unpacked: (archive: Buffer) => {
      for (const { name, content } of tarEntries(archive)) {
        if (name === 'data.tar.gz') return files.gunzip(content);
      }
      return undefined;
    },
    nameOf: (entry: string) => entry.replace(/^\.\//, ''),
  };
  return (path) => {
    const [, root = '', gem = '', rest = ''] =
      /^(.*)[\\/]gems[\\/]([^\\/]+-\d[^\\/]*)[\\/](.+)$/.exec(path) ?? [];
    if (gem === '') return undefined;
    const archive = paths.join(root, 'cache', `${gem}.gem`);
    return isAsInTarball(files, path, archive, rest, form) ? gem.replace(/-(?=\d+\.)/, ' ') : undefined;
  };
}
