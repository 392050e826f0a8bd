/** Property lists of daemons and agents that an administrator installed (launchd.plist(5)). Those of users are in their homes. */
import type { FileSource } from './file-source.ts';

export const launchd: FileSource = {
  roots: () => ['/Library/LaunchAgents', '/Library/LaunchDaemons'],
};
