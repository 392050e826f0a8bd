/** Many machines as the data of one page. */
import { severities } from '../../model/finding.ts';
import { inWords } from '../html-report.ts';
import type { PageData, PageFinding, PageMachine, PageTrendPoint } from '../html/page-data.ts';
import type { RuleTable } from '../html/rule-table.ts';
import { type MergedMachine, mergeMachine } from './machine-history.ts';
import type { FleetRecord } from './record-lines.ts';
import type { Snapshot } from './snapshot.ts';
import type { TeamOf } from './teams.ts';

/** Findings on one page. */
const MAX_LISTED = 50_000;
/** Places on one page that were not scanned. */
const MAX_GAPS = 5000;
/** Days in the chart. */
const MAX_DAYS = 400;
/** A machine that was not scanned for so long is named in a warning. */
const OLD_DAYS = 30;
const DAY_MS = 86_400_000;
/** Names in a warning. */
const MAX_NAMES = 5;

/** What the files of a fleet hold, by the name of the machine. */
export interface FleetInput {
  readonly snapshots: ReadonlyMap<string, readonly Snapshot[]>;
  readonly records: ReadonlyMap<string, readonly FleetRecord[]>;
}

/** @param warnings what reading the files has shown */
export function fleetPage(
  { snapshots, records }: FleetInput,
  rules: RuleTable,
  teamOf: TeamOf,
  warnings: readonly string[],
): PageData {
  const names = [...new Set([...snapshots.keys(), ...records.keys()])].toSorted();
  const merged = names.map((name) =>
    mergeMachine(name, snapshots.get(name) ?? [], records.get(name) ?? [], rules),
  );
  const at =
    merged
      .map(({ machine }) => machine.endedAt)
      .toSorted()
      .at(-1) ?? '';
  const { findings, omitted } = listed(merged, teamOf);
  const share = Math.ceil(MAX_GAPS / Math.max(1, merged.length));
  return {
    kind: 'fleet',
    at,
    machines: merged.map(({ machine }, index) => {
      const { coverage, ...shown } = inWords(machine);
      return {
        ...shown,
        team: teamOf(machine.name),
        roots: undefined,
        coverage: coverage && { ...coverage, gaps: coverage.gaps.slice(0, share) },
        omitted: { ...machine.omitted, ...omitted[index] },
      };
    }),
    rules: rules.used,
    findings,
    warnings: [
      ...warnings,
      ...keyWarnings(merged),
      ...ageWarnings(merged, at),
      ...disabledRuleWarnings(merged),
    ],
    trend: trendOf(merged),
  };
}

/** The most severe findings of all machines, and how many more each machine has, by owner. */
function listed(merged: readonly MergedMachine[], teamOf: TeamOf) {
  const all = merged.flatMap(({ findings, machine }, m) =>
    findings.map((finding): PageFinding => {
      const team = teamOf(machine.name, finding.owner);
      return { ...finding, m, ...(team !== undefined && { team }) };
    }),
  );
  if (all.length > MAX_LISTED) {
    all.sort(
      (a, b) =>
        Number(isClosed(a)) - Number(isClosed(b)) ||
        severities.indexOf(b.severity) - severities.indexOf(a.severity),
    );
  }
  const omitted: Record<string, number>[] = merged.map(() => ({}));
  for (const { m, owner = 'unknown', ...finding } of all.slice(MAX_LISTED)) {
    const counts = omitted[m];
    if (counts !== undefined && !isClosed(finding)) counts[owner] = (counts[owner] ?? 0) + 1;
  }
  return { findings: all.slice(0, MAX_LISTED), omitted };
}

function isClosed({ state }: Pick<PageFinding, 'state'>): boolean {
  return state === 'gone' || state === 'unconfirmed';
}

function keyWarnings(merged: readonly MergedMachine[]): string[] {
  const keys = new Set(merged.flatMap(({ machine }) => machine.fingerprintKey || []));
  const unknown = merged.filter(({ machine }) => machine.fingerprintKey === undefined).length;
  const incomparable = merged.reduce((sum, each) => sum + each.incomparable, 0);
  return [
    ...(keys.size > 1
      ? [
          `The reports were made with ${keys.size} fingerprint keys. The same secret is recognised only on machines with the same key: give all machines one with --fingerprint-key.`,
        ]
      : []),
    ...(unknown > 0 && merged.length > 1
      ? [
          `Log lines do not say which fingerprint key was used: on ${machines(unknown)}, the same secret is recognised only if the key is that of the others.`,
        ]
      : []),
    ...(incomparable > 0
      ? [
          `${incomparable} earlier ${incomparable === 1 ? 'report was' : 'reports were'} not compared with the newest one of the machine: the fingerprint key differs, or the limit of this page was reached.`,
        ]
      : []),
  ];
}

function ageWarnings(merged: readonly MergedMachine[], at: string): string[] {
  const old = merged
    .map(({ machine }) => machine)
    .filter(({ endedAt }) => Date.parse(at) - Date.parse(endedAt) > OLD_DAYS * DAY_MS);
  if (old.length === 0) return [];
  return [
    `No report of the last ${OLD_DAYS} days from ${machines(old.length)}: ${someOf(old.map(({ name }) => name))}.`,
  ];
}

function disabledRuleWarnings(merged: readonly MergedMachine[]): string[] {
  const names = merged.flatMap(({ machine }) => (machine.disabledRules > 0 ? [machine.name] : []));
  if (names.length === 0) return [];
  return [
    `On ${machines(names.length)}, some rules are disabled, and secrets of their kinds are not found: ${someOf(names)}.`,
  ];
}

/** `a, b and 7 more`. */
export function someOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function machines(count: number): string {
  return count === 1 ? '1 machine' : `${count} machines`;
}

/** At the end of each day with a run, the sum of what each machine had last. */
function trendOf(merged: readonly MergedMachine[]): PageTrendPoint[] {
  const runs = merged.flatMap(({ counts }, machine) =>
    counts.map(({ at, counts: found }) => ({ day: at.slice(0, 10), machine, found })),
  );
  const byDay = Map.groupBy(runs, ({ day }) => day);
  const latest = new Map<number, PageMachine['counts']>();
  const sum = { low: 0, medium: 0, high: 0, critical: 0 };
  const points = [...byDay.keys()].toSorted().map((day): PageTrendPoint => {
    for (const { machine, found } of byDay.get(day) ?? []) {
      for (const severity of severities) {
        sum[severity] += found[severity] - (latest.get(machine)?.[severity] ?? 0);
      }
      latest.set(machine, found);
    }
    return { day, counts: { ...sum } };
  });
  return points.slice(-MAX_DAYS);
}
