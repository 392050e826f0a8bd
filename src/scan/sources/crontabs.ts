/** Tables of cron, and jobs of at, which contain the whole environment of the user who created them. `/etc/cron*` is below a usual root. */
import type { FileSource } from './file-source.ts';

const folders = {
  linux: ['/etc/crontab', '/etc/cron.d', '/etc/anacrontab', '/var/spool/cron', '/var/spool/at'],
  macOS: ['/etc/crontab', '/private/var/at/tabs', '/private/var/at/jobs'],
  windows: [],
} as const;

export const crontabs: FileSource = { roots: ({ os }) => folders[os] };
