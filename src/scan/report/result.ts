/** From the outcome of a scan to the task's result for the host: summary, exits, reports. */
import type { TaskResult } from '../../host/task/task.ts';
import { unusableRootsIn } from '../model/coverage.ts';
import { scanExits } from '../model/exits.ts';
import { type ScanOutcome, type Severity, severities } from '../model/finding.ts';
import { renderReport } from './formats.ts';
import type { FindingStream } from './json-lines.ts';
import { jsonReport } from './json.ts';
import { type GitAction, forGit } from './for-git.ts';
import { renderText } from './text.ts';

/** The options that determine how a scan ends. */
interface VerdictOptions {
  readonly failOn?: Severity | undefined;
  readonly strict: boolean;
  readonly roots?: readonly string[];
  readonly allowMissingRoots?: boolean;
  readonly staged?: boolean;
  readonly commits?: string | undefined;
}

/** @param stream what has written the findings of a streamed report */
export function scanResult(
  outcome: ScanOutcome,
  options: VerdictOptions,
  stream?: FindingStream,
): TaskResult {
  const { lifecycle } = outcome;
  const isNews = lifecycle === undefined ? worstSeverity(outcome) !== -1 : lifecycle.new > 0;
  const exits = exitsOf(outcome, options);
  const action = actionOf(options);
  const isBlocked = exits.includes(scanExits.findings.name);
  return {
    summary: summaryOf(outcome),
    needsAttention: isNews || isIncomplete(outcome),
    exits,
    report: {
      text: (run, how) => {
        const text = renderText({ ...run, outcome }, how);
        return action === undefined ? text : forGit(text, outcome, { action, isBlocked, width: how.width });
      },
      file: (format, run) => renderReport(format, jsonReport({ ...run, outcome })),
      ...(stream !== undefined && {
        streamed: (_, run) => stream.end(jsonReport({ ...run, outcome })),
      }),
    },
  };
}

function summaryOf(outcome: ScanOutcome): TaskResult['summary'] {
  const { findingCount, shipped, lifecycle, coverage, suppressed, disabledRules = [] } = outcome;
  const { folders, files, unchanged, bytes, inside, sources, skipped, unexamined } = coverage;
  return {
    findings: findingCount,
    ...(shipped > 0 && { shipped }),
    ...(lifecycle !== undefined && { lifecycle: { ...lifecycle } }),
    files,
    unchanged,
    folders,
    bytes,
    ...(inside.entries > 0 && { entries: inside.entries }),
    ...(sources !== undefined && { sources: { ...sources } }),
    skipped,
    unexamined,
    ...(Object.keys(suppressed).length > 0 && { suppressed }),
    ...(disabledRules.length > 0 && { disabledRules: disabledRules.length }),
  };
}

function exitsOf(outcome: ScanOutcome, options: VerdictOptions): string[] {
  const { failOn, strict, roots = [], allowMissingRoots = false } = options;
  const exits: string[] = [];
  if (failOn !== undefined && worstSeverity(outcome) >= severities.indexOf(failOn)) {
    exits.push(scanExits.findings.name);
  }
  // Other roots were scanned before it was known that this one cannot be.
  if (roots.length > 0 && !allowMissingRoots && unusableRootsIn(outcome.coverage) > 0) {
    exits.push(scanExits.noRoot.name);
  }
  if (strict && isIncomplete(outcome)) exits.push(scanExits.incomplete.name);
  return exits;
}

function actionOf({ staged = false, commits }: VerdictOptions): GitAction | undefined {
  if (staged) return 'commit';
  return commits === undefined ? undefined : 'push';
}

/** The index in `severities` of the most severe finding; -1 when there is none. */
function worstSeverity({ findingCount }: ScanOutcome): number {
  return severities.findLastIndex((severity) => findingCount[severity] > 0);
}

function isIncomplete({ coverage }: ScanOutcome): boolean {
  return Object.keys(coverage.unexamined).length > 0;
}
