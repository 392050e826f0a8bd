/**
 * Who else can access a file that contains a secret, judged by its mode, its owner and its location. Determined
 * once for each file with a finding; the answers about folders are cached.
 */
import { type Platform, statusIfKnown } from '../../host/platform/index.ts';
import { assistantOf } from './assistants.ts';

/** Bits of a mode (POSIX, `<sys/stat.h>`). */
const READABLE_BY_OTHERS = 0o004;
const READABLE_BY_GROUP = 0o040;
/** Maximum number of folders that are checked for `.git` on the way up. */
const MAX_LEVELS = 64;

/** Folders whose contents their vendors' clients copy elsewhere. */
const synced: readonly (readonly [folder: RegExp, name: string])[] = [
  [/^onedrive(?: - .*)?$/i, 'OneDrive'],
  [/^dropbox(?: \(.*\))?$/i, 'Dropbox'],
  [/^(?:google ?drive|my drive|googledrive-.*)$/i, 'Google Drive'],
  [/^(?:icloud ?drive|mobile documents|com~apple~clouddocs)$/i, 'iCloud Drive'],
  [/^nextcloud$/i, 'Nextcloud'],
  [/^box(?: sync)?$/i, 'Box'],
  [/^pcloud ?drive$/i, 'pCloud'],
  [/^mega(?:sync)?$/i, 'MEGA'],
];

/** Determines who can read the file at a path. Facts that cannot be determined are omitted. */
export function exposureOf(platform: Platform): (path: string) => readonly string[] {
  const { os, path: paths, fs } = platform;
  const inGit = new Map<string, boolean>();
  const isInGit = (folder: string, depth = 0): boolean => {
    const known = inGit.get(folder);
    if (known !== undefined) return known;
    const parent = paths.dirname(folder);
    const answer =
      statusIfKnown(fs, paths.join(folder, '.git')) !== undefined ||
      (parent !== folder && depth < MAX_LEVELS && isInGit(parent, depth + 1));
    inGit.set(folder, answer);
    return answer;
  };
  const byMode = (path: string): string[] => {
    if (os === 'windows') return [];
    try {
      const { mode, uid } = fs.status(path);
      if ((mode & READABLE_BY_OTHERS) !== 0) return ['readable by everyone', `owner ${uid}`];
      return [...((mode & READABLE_BY_GROUP) !== 0 ? ['readable by its group'] : []), `owner ${uid}`];
    } catch {
      return [];
    }
  };
  /** Undefined behind another user's link: that is not the file that was read. */
  const folderOf = (path: string): string | undefined => {
    try {
      return fs.withoutLinks(paths.dirname(path));
    } catch {
      return undefined;
    }
  };
  return (path) => {
    const folder = folderOf(path);
    const service = path
      .split(paths.sep)
      .map((name) => synced.find(([folder]) => folder.test(name))?.[1])
      .find((name) => name !== undefined);
    const assistant = assistantOf(path);
    return [
      ...(folder === undefined ? [] : byMode(paths.join(folder, paths.basename(path)))),
      ...(folder !== undefined && isInGit(folder) ? ['in a git work tree'] : []),
      ...(service === undefined ? [] : [`synced by ${service}`]),
      ...(assistant === undefined ? [] : [`sent to an AI assistant (${assistant})`]),
    ];
  };
}
