/** The scan's own exit codes, which the host merges into its table. */
import type { TaskExit } from '../../host/exit/exit-table.ts';

/** Worst first. */
export const scanExits = {
  noRoot: {
    name: 'no-root',
    code: 66,
    meaning: 'a path that was named cannot be scanned, or there is nothing to scan',
    kind: 'failure',
  },
  badReport: {
    name: 'bad-report',
    code: 65,
    meaning: '`report merge` left out files that it could not read or understand',
    kind: 'failure',
  },
  incomplete: {
    name: 'incomplete',
    code: 11,
    meaning: 'some files could not be scanned (with --strict)',
    kind: 'verdict',
  },
  findings: {
    name: 'findings',
    code: 10,
    meaning: 'findings at or above the --fail-on severity',
    kind: 'verdict',
  },
} as const satisfies Record<string, TaskExit>;
