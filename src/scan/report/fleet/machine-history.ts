/** One machine over time: what its newest report holds, what is new in it, and what is gone since earlier ones. */
import type { PageFinding, PageState } from '../html/page-data.ts';
import type { RuleTable } from '../html/rule-table.ts';
import { type Applied, applyRecords, identityOf } from './apply-records.ts';
import type { FleetRecord } from './record-lines.ts';
import type { Snapshot } from './snapshot.ts';

/** A machine as the page shows it. */
export interface MergedMachine extends Applied {
  /** Reports that were left out of the comparison, since their fingerprints were made with another key. */
  readonly incomparable: number;
}

export function mergeMachine(
  name: string,
  given: readonly Snapshot[],
  records: readonly FleetRecord[],
  rules: RuleTable,
): MergedMachine {
  const snapshots = withoutCopies(given).toSorted((a, b) => order(a.machine.endedAt, b.machine.endedAt));
  const newest = snapshots.at(-1);
  const earlier = snapshots.slice(0, -1);
  // A report without findings names no key, and can be compared with any.
  const keys = snapshots.flatMap(({ machine }) => machine.fingerprintKey || []);
  const comparable = earlier.filter(
    ({ machine: { fingerprintKey = '' }, findings }) =>
      findings !== undefined && (fingerprintKey === '' || fingerprintKey === keys.at(-1)),
  );
  const compared = newest === undefined ? [] : compare(newest, comparable, rules);
  const merged = applyRecords({ name, newest, compared, records, rules });
  return {
    ...merged,
    machine: { ...merged.machine, reports: snapshots.length },
    counts: [
      ...snapshots.map(({ machine: { endedAt, counts } }) => ({ at: endedAt, counts })),
      ...merged.counts,
    ],
    incomparable: earlier.length - comparable.length,
  };
}

/** A report that was collected twice counts once. */
function withoutCopies(snapshots: readonly Snapshot[]): Snapshot[] {
  return [
    ...new Map(snapshots.map((each) => [`${each.machine.startedAt} ${each.machine.endedAt}`, each])).values(),
  ];
}

/** The findings of the newest report, and those of earlier ones that are not in it. */
function compare(newest: Snapshot, earlier: readonly Snapshot[], rules: RuleTable): PageFinding[] {
  const firstSeen = new Map<string, string>();
  const last = new Map<string, PageFinding>();
  for (const { machine, findings = [] } of earlier) {
    for (const finding of findings) {
      const identity = identityOf(finding);
      if (!firstSeen.has(identity)) firstSeen.set(identity, finding.since ?? machine.endedAt);
      last.set(identity, finding);
    }
  }
  const before = new Set(earlier.at(-1)?.findings?.map(identityOf));
  const now = (newest.findings ?? []).map((finding): PageFinding => {
    const identity = identityOf(finding);
    last.delete(identity);
    const since = finding.since ?? firstSeen.get(identity);
    const state = finding.state ?? stateOf(before.has(identity), earlier.length > 0);
    return {
      ...finding,
      ...(state !== undefined && { state }),
      ...(since === undefined ? earlier.length > 0 && { since: newest.machine.endedAt } : { since }),
    };
  });
  const isConclusive = hasSeenEverything(newest);
  const gone = [...last].map(([identity, finding]): PageFinding => {
    const isGone = isConclusive && wasLookedFor(finding, newest, rules);
    return {
      ...finding,
      state: isGone ? 'gone' : 'unconfirmed',
      since: firstSeen.get(identity),
    };
  });
  return [...now, ...gone];
}

function stateOf(wasKnown: boolean, hasEarlier: boolean): PageState | undefined {
  if (!hasEarlier) return undefined;
  return wasKnown ? 'persisting' : 'new';
}

/** Reasons to pass over files or findings that another run need not have had. */
const CHOSEN_SKIPS = ['excluded', 'other-shard'];

/** What is not in such a report is not there, if the run looked for it. */
function hasSeenEverything({ machine, findings }: Snapshot): boolean {
  const { coverage, omitted, suppressed } = machine;
  return (
    findings !== undefined &&
    coverage !== undefined &&
    Object.keys(coverage.unexamined).length === 0 &&
    Object.keys(omitted).length === 0 &&
    Object.keys(suppressed).length === 0 &&
    CHOSEN_SKIPS.every((reason) => coverage.skipped[reason] === undefined)
  );
}

/** The file was below one of the roots, and the rule was enabled. */
function wasLookedFor(
  { path, r }: PageFinding,
  { roots = [], disabledRules }: Snapshot,
  rules: RuleTable,
): boolean {
  if (disabledRules.has(rules.used[r]?.id ?? '')) return false;
  return roots.some((root) => {
    const folder = root.replace(/[/\\]$/, '');
    return path === root || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
  });
}

function order(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}
