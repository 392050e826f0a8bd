/** Applies the records of a machine to what its newest report says, or to nothing if there is no report. */
import { noCounts, sumOf } from '../../model/severity-counts.ts';
import { shortFingerprint } from '../../model/short-fingerprint.ts';
import type { PageFinding, PageMachine, PageState } from '../html/page-data.ts';
import type { RuleTable } from '../html/rule-table.ts';
import type { FindingFields, FleetRecord, SummaryFields } from './record-lines.ts';
import type { Snapshot } from './snapshot.ts';

type SeverityCounts = PageMachine['counts'];

/** A machine after its newest report and its later records. */
export interface Applied {
  readonly machine: PageMachine;
  readonly findings: readonly PageFinding[];
  /** How many findings there were at the end of each run, oldest first. */
  readonly counts: readonly { readonly at: string; readonly counts: SeverityCounts }[];
}

export interface Known {
  readonly name: string;
  readonly newest: Snapshot | undefined;
  /** The findings of the newest report, with those that are gone. */
  readonly compared: readonly PageFinding[];
  readonly records: readonly FleetRecord[];
  readonly rules: RuleTable;
}

/** Identifies one secret in one file, among reports with the same fingerprint key. */
export function identityOf({ fp, path }: Pick<PageFinding, 'fp' | 'path'>): string {
  return `${fp}\n${path}`;
}

export function applyRecords({ name, newest, compared, records, rules }: Known): Applied {
  const reported = newest === undefined ? -Infinity : Date.parse(newest.machine.endedAt);
  const later = records
    .filter(({ timestamp }) => Date.parse(timestamp) > reported)
    .toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  const summaries = later.flatMap((record) => (record.kind === 'summary' ? [record] : []));
  // What the last run announced is new.
  const lastRun = summaries.at(-2)?.timestamp ?? newest?.machine.endedAt ?? '';
  const findings = new Map(compared.map((finding) => [identityOf(finding), finding]));
  for (const record of later) {
    if (record.kind !== 'summary')
      apply(record, findings, rules, Date.parse(record.timestamp) > Date.parse(lastRun));
  }
  const all = [...findings.values()];
  const summary = summaries.at(-1);
  const counts = summaries.map(({ timestamp, summary: { findings: counted } }) => ({
    at: timestamp,
    counts: counted,
  }));
  const base = newest?.machine ?? emptyMachine(name, later);
  const machine = summary === undefined ? base : afterSummary(base, summary.timestamp, summary.summary, all);
  return {
    machine: summary === undefined ? { ...machine, counts: shifted(machine.counts, compared, all) } : machine,
    findings: all,
    counts,
  };
}

type FindingRecord = Exclude<FleetRecord, { kind: 'summary' }>;

function apply(
  { kind, finding, timestamp }: FindingRecord,
  findings: Map<string, PageFinding>,
  rules: RuleTable,
  isOfLastRun: boolean,
): void {
  const fp = shortFingerprint(finding.fingerprint);
  const identity = identityOf({ fp, path: finding.path });
  const known = findings.get(identity);
  const since = finding.since ?? known?.since ?? timestamp;
  if (kind === 'moved' && finding.from !== undefined) findings.delete(identityOf({ fp, path: finding.from }));
  const isNew = isOfLastRun && finding.since === undefined && (known === undefined || known.state === 'gone');
  const states = { found: isNew ? 'new' : 'persisting', moved: 'moved', resolved: 'gone' } as const;
  findings.set(identity, {
    ...(known ?? fromRecord(finding, fp, rules)),
    since,
    state: states[kind] satisfies PageState,
  });
}

function fromRecord(finding: FindingFields, fp: string, rules: RuleTable): PageFinding {
  const { rule, severity, confidence, path, line, column, offset, count, files, marker } = finding;
  const facts = parts(finding.exposure);
  const owner = facts.find((fact) => fact.startsWith(OWNER))?.slice(OWNER.length);
  return {
    m: 0,
    r: rules.indexOf(rule),
    severity,
    confidence,
    path,
    ...(offset === undefined ? { line, column } : { byte: offset }),
    count,
    ...(files !== undefined && { files }),
    fp,
    evidence: parts(finding.evidence),
    exposure: facts.filter((fact) => !fact.startsWith(OWNER)),
    ...(owner !== undefined && { owner }),
    ...(marker !== undefined && { marker }),
  };
}

const OWNER = 'owner ';

function parts(text: string): string[] {
  return text.split('; ').filter((part) => part !== '');
}

/** A machine of which there is no report. */
function emptyMachine(name: string, records: readonly FleetRecord[]): PageMachine {
  return {
    name,
    startedAt: records[0]?.timestamp ?? '',
    endedAt: records.at(-1)?.timestamp ?? '',
    counts: { low: 0, medium: 0, high: 0, critical: 0 },
    shipped: 0,
    omitted: {},
    suppressed: {},
    disabledRules: 0,
  };
}

function afterSummary(
  base: PageMachine,
  at: string,
  {
    findings: counts,
    shipped,
    suppressed,
    disabledRules,
    files,
    unchanged,
    folders,
    bytes,
    sources,
    skipped,
    unexamined,
  }: SummaryFields,
  findings: readonly PageFinding[],
): PageMachine {
  const unlisted = sumOf(counts) - sumOf(countOf(findings));
  return {
    ...base,
    endedAt: at,
    // The summary says nothing of it.
    exit: undefined,
    counts,
    shipped,
    suppressed,
    disabledRules,
    // Records of these were not among the lines.
    omitted: unlisted > 0 ? { unknown: unlisted } : {},
    coverage: { files, unchanged, folders, bytes, sources, skipped, unexamined, gaps: [] },
  };
}

function shifted(
  counts: SeverityCounts,
  before: readonly PageFinding[],
  after: readonly PageFinding[],
): SeverityCounts {
  const [from, to] = [countOf(before), countOf(after)];
  const of = (severity: keyof SeverityCounts) =>
    Math.max(0, counts[severity] - from[severity] + to[severity]);
  return { low: of('low'), medium: of('medium'), high: of('high'), critical: of('critical') };
}

/** How many findings of each severity are open, without those in files of packages. */
function countOf(findings: readonly PageFinding[]): SeverityCounts {
  const counts = noCounts();
  for (const { severity, state, shippedBy } of findings) {
    if (state !== 'gone' && state !== 'unconfirmed' && shippedBy === undefined) counts[severity] += 1;
  }
  return counts;
}
