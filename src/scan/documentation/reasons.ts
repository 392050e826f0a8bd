/** Why files were not scanned, for the page about reports. The types require a text for each reason. */
import type { GapReason, SkipReason } from '../model/coverage.ts';

export const skipReasons: Readonly<Record<SkipReason, string>> = {
  link: 'a link in a folder; only links that are named themselves are followed',
  'special-file': 'a device, a pipe or a socket',
  binary: 'a binary; `--binaries` looks for text in them',
  excluded: 'matched by `--exclude`',
  'other-shard': 'in another part of `--shard`',
  'pseudo-file-system': 'files that the kernel makes up, such as `/proc`',
  'network-file-system': 'a mount inside a folder with files of another machine; name the mount to scan it',
  'unknown-file-system':
    'a mount inside a folder that is not known to be local, such as FUSE; name the mount to scan it',
  'not-on-this-machine': 'the content is in a cloud or an archive and would have to be downloaded',
};

const unreadable = 'the system refused to open or read it';
const access = 'run as root or SYSTEM, or check the access list';

/** What it means, and what to do. */
export const gapReasons: Readonly<Record<GapReason, readonly [meaning: string, remedy: string]>> = {
  'root-missing': ['a path that was named does not exist', 'correct the path'],
  'root-unreadable': ['a path that was named cannot be opened', 'correct the path, or run as another user'],
  'root-is-a-link': [
    'a path that was named is a link of another user, or leads to nothing',
    'name the target',
  ],
  'root-is-no-file': ['a path that was named is neither a file nor a folder', 'correct the path'],
  'root-on-pseudo-file-system': [
    'a path that was named has files that the kernel makes up',
    'correct the path',
  ],
  unmerged: ['git has not merged it yet (`--staged`)', 'resolve the conflict'],
  'permission-denied': [unreadable, access],
  'in-use': ['another program has locked it', 'the next run tries again'],
  'read-error': [unreadable, 'check the disk'],
  vanished: ['removed during the run', 'nothing'],
  'replaced-by-link': ['replaced by a link during the run', 'the next run treats it as a link'],
  'name-not-unicode': ['its name is not valid UTF-8, so that it cannot be opened', 'rename it'],
  'path-too-long': ['its path is longer than the system allows', 'name a folder further down'],
  'too-slow': [
    'it used up its CPU time; what was found before that is reported',
    'exclude it if it is known to be harmless',
  ],
  'finding-limit': ['not all findings of the file could be kept', 'the next run reads it again'],
  'not-answering': ['its file system did not answer for a minute', 'check the mount'],
  'too-many-open-files': ['the process or the machine has reached a limit', 'raise the limit of open files'],
  'out-of-memory': ['the system had no memory left', 'free memory'],
  'stopped-early': ['the run ended before it reached this', 'the next run continues there'],
};
