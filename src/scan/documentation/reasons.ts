/** What to do about files that were not scanned. The types require a text for each reason. */
import type { GapReason, SkipReason } from '../model/coverage.ts';

const SEARCHED = 'with `--binaries`, text in it is scanned';
const OPENED =
  '`--containers` opens the common formats (the default); with `--binaries`, text in others is scanned';

/** How to have it scanned. */
export const skipRemedies: Readonly<Record<SkipReason, string>> = {
  link: 'name the link or its target as a path',
  'special-file': 'not possible: it has no content of its own',
  'other-binary': SEARCHED,
  archive: OPENED,
  'office-document': OPENED,
  pdf: OPENED,
  database: OPENED,
  mail: OPENED,
  image: SEARCHED,
  'audio-video': SEARCHED,
  executable: SEARCHED,
  'git-objects': '`--git-history` scans it (the default), but not on a network file system',
  'keepass-database': 'not possible: it is encrypted',
  excluded: 'change `--exclude`',
  'other-shard': 'nothing: another machine scans it',
  'pseudo-file-system': 'not possible: it holds no stored files',
  'network-file-system': 'name the mount as a path, on one machine only',
  'unknown-file-system': 'name the mount as a path',
  'not-on-this-machine': 'download it: a scan never downloads files',
  'process-ended': 'nothing: the next run reads processes again',
  'process-of-another-user': 'run as root',
  'user-not-signed-in': 'nothing: a run reads it while the user is signed in',
  'source-of-another-system': 'nothing; or leave it out of `--sources`',
};

export const gapRemedies: Readonly<Record<GapReason, string>> = {
  'root-missing': 'correct the path',
  'root-unreadable': 'correct the path, or run as another user',
  'root-is-a-link': 'name its target: the link is broken, or belongs to another user',
  'root-is-no-file': 'correct the path',
  'root-on-pseudo-file-system': 'correct the path',
  unmerged: 'resolve the conflict',
  'permission-denied': 'run as root or SYSTEM, or check the permissions of the file',
  'in-use': 'nothing: the next run tries again',
  'read-error': 'check the disk',
  vanished: 'nothing',
  'replaced-by-link': 'nothing: the next run treats it as a link',
  'name-not-unicode': 'rename it',
  'path-too-long': 'name a deeper folder as a path, so that the rest is shorter',
  'too-slow': 'see what was found before; exclude the file if you know that it is harmless',
  'finding-limit': 'nothing: the next run reads it again',
  'not-answering': 'check the mount',
  'too-many-open-files': 'raise the limit of open files',
  'out-of-memory': 'free memory',
  'stopped-early': 'nothing: the next run continues there',
  encrypted: 'open it with its password, or exclude it if you know that it is harmless',
  damaged: 'try to open it with the program that made it',
  unsupported: 'unpack it and scan the folder',
  'container-limit': 'unpack it and scan the folder',
  'process-limit': 'find out what starts so many processes, or gives them such large environments',
};
