/** The state of the source of a release, and its time. */
import { execFileSync } from 'node:child_process';

export interface Source {
  /** The commit's hash; followed by `+changes` when files differ from it. */
  readonly commit: string;
  /** Time of the commit, or SOURCE_DATE_EPOCH (reproducible-builds.org). */
  readonly time: Date;
}

/** @throws Error outside a git checkout */
export function sourceState(): Source {
  const changed = git('status', '--porcelain') !== '';
  const seconds = process.env['SOURCE_DATE_EPOCH'] ?? git('log', '-1', '--format=%ct');
  return {
    commit: git('rev-parse', 'HEAD') + (changed ? '+changes' : ''),
    time: new Date(Number(seconds) * 1000),
  };
}

function git(...arguments_: string[]): string {
  return execFileSync('git', arguments_, { encoding: 'utf8' }).trim();
}
