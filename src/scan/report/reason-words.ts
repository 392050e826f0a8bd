/** Why something was skipped, or could not be scanned, in words for people. */
import type { GapReason, SkipReason } from '../model/coverage.ts';

const words: Readonly<Record<SkipReason | GapReason, string>> = {
  link: 'symbolic links',
  'special-file': 'devices, pipes and sockets',
  'other-binary': 'other binary files',
  archive: 'archives, not opened',
  'office-document': 'office documents, not opened',
  pdf: 'PDF documents, not opened',
  database: 'databases, not opened',
  mail: 'mailboxes, not opened',
  image: 'images',
  'audio-video': 'audio and video files',
  executable: 'executables',
  'git-objects': 'git objects',
  'keepass-database': 'KeePass databases',
  excluded: 'excluded by --exclude',
  'other-shard': 'in another part of --shard',
  'pseudo-file-system': 'on pseudo file systems such as /proc',
  'network-file-system': 'on network file systems',
  'unknown-file-system': 'on file systems of unknown kind',
  'not-on-this-machine': 'not on this machine, only in the cloud',
  'root-missing': 'root does not exist',
  'root-unreadable': 'root cannot be read',
  'root-is-a-link': 'root is a symbolic link',
  'root-is-no-file': 'root is neither a file nor a folder',
  'root-on-pseudo-file-system': 'root is on a pseudo file system such as /proc',
  'permission-denied': 'permission denied',
  vanished: 'removed during the scan',
  'replaced-by-link': 'replaced by a symbolic link during the scan',
  'name-not-unicode': 'name is not valid Unicode',
  'path-too-long': 'path is too long',
  'in-use': 'in use by another program',
  'read-error': 'read error',
  'finding-limit': 'more findings than are kept',
  'not-answering': 'file system does not respond',
  'too-many-open-files': 'too many open files',
  'out-of-memory': 'out of memory',
  'stopped-early': 'the run ended before',
  'too-slow': 'took too long',
  unmerged: 'conflict not resolved yet',
  encrypted: 'encrypted',
  damaged: 'damaged',
  unsupported: 'compressed in a way that is not supported',
  'container-limit': 'a limit for containers was reached',
};

/** @param reason of a report, which may be of another version */
export function wordsOf(reason: string): string {
  return new Map(Object.entries(words)).get(reason) ?? reason.replaceAll('-', ' ');
}
