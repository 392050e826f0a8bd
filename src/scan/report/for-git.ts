/** The text report for people who commit or push: short if all is well, and otherwise with a way to go on. */
import { wrapped } from '../../host/log/text-layout.ts';
import type { ScanOutcome } from '../model/finding.ts';
import { totalFindings } from './report-input.ts';

/** Lines of words are no longer than this: they would be hard to read. */
const MAX_WIDTH = 100;

/** What git is about to do, which decides how a secret is taken out. */
export type GitAction = 'commit' | 'push';

const steps: Readonly<Record<GitAction, string>> = {
  commit:
    'To commit: take the secret out of the file and stage it again (git add), or accept the finding with --ignore-list=FILE.',
  push: 'To push: take the secret out of the commit that added it (git rebase -i), not only out of the file, or accept the finding with --ignore-list=FILE.',
};

/** @param isBlocked the exit code keeps git from going on */
export function forGit(
  text: string,
  outcome: ScanOutcome,
  {
    action,
    isBlocked,
    width,
  }: { readonly action: GitAction; readonly isBlocked: boolean; readonly width: number },
): string {
  if (isBlocked) return `${text}\n${wrapped(steps[action], Math.min(width, MAX_WIDTH)).join('\n')}\n`;
  const { suppressed, coverage } = outcome;
  const isPlain = [suppressed, coverage.skipped, coverage.unexamined].every(
    (counts) => Object.keys(counts).length === 0,
  );
  // Who commits often reads no more than the first line.
  return isPlain && totalFindings(outcome) === 0 ? text.slice(0, text.indexOf('\n') + 1) : text;
}
