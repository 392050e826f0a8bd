/**
 * Units of systemd and what they refer to: environment files and credentials in other places (systemd.exec(5)). Only units of the
 * administrator are read for this, which no other user can change. `/run/credentials` is left out: that is where services are meant to find
 * their secrets.
 */
import type { DirectoryEntry, Platform } from '../../host/platform/index.ts';
import type { FileSource } from './file-source.ts';

const UNITS = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system'];
const OTHER_ROOTS = [
  '/etc/systemd',
  // Two names of one folder on most systems.
  '/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/etc/credstore',
  '/run/systemd/system',
  '/run/systemd/transient',
  '/run/credstore',
  '/usr/lib/credstore',
  '/usr/local/lib/systemd',
];

/** Files that are read for their references. */
const MAX_UNITS = 2000;
const MAX_UNIT_BYTES = 64 * 1024;
const MAX_REFERENCES = 1000;

/** Lines such as `EnvironmentFile=-/srv/app/app.env` and `LoadCredential=token:/srv/app/token`. */
const REFERENCE =
  /^[\t ]*(?:EnvironmentFile[\t ]*=[\t ]*-?|LoadCredential[\t ]*=[^:\n]{1,255}:)(\/[^\n*?[%]{1,4000})$/gm;

export const systemd: FileSource = {
  roots: (platform) => [...OTHER_ROOTS, ...new Set(references(platform))],
};

/** Absolute paths in the administrator's units. */
function references(platform: Platform): string[] {
  const found: string[] = [];
  let units = 0;
  for (const path of UNITS.flatMap((folder) => unitsIn(folder, platform))) {
    units += 1;
    if (units > MAX_UNITS || found.length >= MAX_REFERENCES) break;
    for (const [, target = ''] of textAt(path, platform).matchAll(REFERENCE)) found.push(target.trim());
  }
  return found.slice(0, MAX_REFERENCES);
}

/** The units in a folder, and the files in folders such as `nginx.service.d`. */
function unitsIn(folder: string, platform: Platform): string[] {
  return entriesOf(folder, platform).flatMap((entry) => {
    const path = platform.path.join(folder, entry.name);
    if (entry.isFile()) return entry.name.endsWith('.service') ? [path] : [];
    if (!entry.isDirectory() || !entry.name.endsWith('.d')) return [];
    const dropIns = entriesOf(path, platform).filter((file) => file.isFile() && file.name.endsWith('.conf'));
    return dropIns.map(({ name }) => platform.path.join(path, name));
  });
}

function entriesOf(folder: string, { fs }: Platform): DirectoryEntry[] {
  const walk = fs.folderWalk();
  try {
    const opened = walk.open(folder);
    return isOfRoot(opened.status) ? [...fs.list(opened)] : [];
  } catch {
    return [];
  } finally {
    walk.close();
  }
}

/** The beginning of a unit of root; empty if it is another user's. */
function textAt(path: string, { fs }: Platform): string {
  try {
    const descriptor = fs.open(path);
    try {
      const status = fs.statusOf(descriptor);
      if (!status.isFile() || !isOfRoot(status)) return '';
      const buffer = Buffer.alloc(Math.min(status.size, MAX_UNIT_BYTES));
      return buffer.toString('utf8', 0, fs.read(descriptor, buffer, 0, buffer.length, 0));
    } finally {
      fs.close(descriptor);
    }
  } catch {
    return '';
  }
}

const WRITABLE_BY_OTHERS = 0o022;

function isOfRoot({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === 0 && (mode & WRITABLE_BY_OTHERS) === 0;
}
