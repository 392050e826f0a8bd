/**
 * Brings a baseline up to date with a newer report: keeps what is still there, at its new place, drops what is gone, and adds what is new only
 * if that is asked for. An entry counts as gone only if the newer scan has looked at its place.
 */
import { basename } from 'node:path';
import { printable } from '../../host/log/index.ts';
import { mayBeInFile } from '../model/location.ts';
import { noCounts } from '../model/severity-counts.ts';
import { shortFingerprint } from '../model/short-fingerprint.ts';
import type { JsonReport } from '../report/schema.ts';

type Finding = JsonReport['outcome']['findings'][number];

export interface UpdatedBaseline {
  readonly report: JsonReport;
  /** Entries that are still there. */
  readonly kept: readonly Finding[];
  /** Entries that the newer scan did not look for, which are kept as they are. */
  readonly unseen: readonly Finding[];
  readonly dropped: readonly Finding[];
  /** Findings that the old baseline does not have. */
  readonly added: readonly Finding[];
}

/** @param addsNew whether the result has the findings that are new */
export function updatedBaseline(old: JsonReport, newer: JsonReport, addsNew: boolean): UpdatedBaseline {
  const before = new Set(old.outcome.findings.map(({ fingerprint }) => fingerprint));
  const now = new Set(newer.outcome.findings.map(({ fingerprint }) => fingerprint));
  const isLookedAt = lookedAt(newer);
  const lost = old.outcome.findings.filter(({ fingerprint }) => !now.has(fingerprint));
  const kept = newer.outcome.findings.filter(({ fingerprint }) => before.has(fingerprint));
  const added = newer.outcome.findings.filter(({ fingerprint }) => !before.has(fingerprint));
  const unseen = lost.filter((entry) => !isLookedAt(entry));
  const dropped = lost.filter(isLookedAt);
  const findings = [...kept, ...unseen, ...(addsNew ? added : [])];
  return { report: withFindings(newer, old, findings), kept, unseen, dropped, added };
}

/** Whether a scan has looked for an entry, which is gone if it does not report it. */
function lookedAt({ host, outcome }: JsonReport): (entry: Finding) => boolean {
  const { roots = [], coverage, omitted = {} } = outcome;
  const disabled = new Set(outcome.disabledRules);
  const { unexamined, gaps, folders, skipped } = coverage;
  const isPart = 'other-shard' in skipped || 'stopped-early' in unexamined || Object.keys(omitted).length > 0;
  const count = Object.values(unexamined).reduce((sum, more) => sum + more, 0);
  if (isPart || count > gaps.length) return () => false;
  const separator = host.os === 'windows' ? '\\' : '/';
  const isAtOrBelow = (path: string, place: string) =>
    path === place ||
    path.startsWith(place.endsWith(separator) ? place : place + separator) ||
    mayBeInFile(path, place);
  // A scan of what git is about to commit has a root, and visits no folder: it knows nothing about other files.
  const isBelowRoot = (path: string) =>
    roots.some(
      (root) => path === root || mayBeInFile(path, root) || (folders > 0 && isAtOrBelow(path, root)),
    );
  return ({ path, rule }) =>
    !disabled.has(rule) && isBelowRoot(path) && !gaps.some((gap) => isAtOrBelow(path, gap.path));
}

function withFindings(newer: JsonReport, old: JsonReport, findings: readonly Finding[]): JsonReport {
  const { omitted: _, lifecycle: __, ...outcome } = newer.outcome;
  const findingCount = noCounts();
  for (const { severity, shippedBy } of findings) if (shippedBy === undefined) findingCount[severity] += 1;
  const used = new Set(findings.map(({ rule }) => rule));
  const rules = new Map([...old.outcome.rules, ...newer.outcome.rules].map((rule) => [rule.id, rule]));
  return {
    ...newer,
    outcome: {
      ...outcome,
      rules: [...rules.values()].filter(({ id }) => used.has(id)),
      findings,
      findingCount,
      shipped: findings.filter(({ shippedBy }) => shippedBy !== undefined).length,
      suppressed: {},
    },
  };
}

/** Entries that are listed, of each kind. */
const MAX_LISTED = 20;

/** What happened to the entries, in lines for a person. @param redact replaces secrets in paths */
export function describeUpdate(
  path: string,
  { kept, unseen, dropped, added }: UpdatedBaseline,
  addsNew: boolean,
  redact: (path: string) => string,
): string {
  const list = (what: string, findings: readonly Finding[]) => [
    ...findings
      .slice(0, MAX_LISTED)
      .map(
        (one) =>
          `  ${what}  ${shortFingerprint(one.fingerprint)}  ${one.rule}  ${redact(one.path)}:${one.line}`,
      ),
    ...(findings.length > MAX_LISTED ? [`  ${what}  ... and ${findings.length - MAX_LISTED} more`] : []),
  ];
  const parts = [
    `${kept.length} kept`,
    ...(unseen.length > 0 ? [`${unseen.length} kept that the scan did not look for`] : []),
    `${dropped.length} dropped`,
    addsNew || added.length === 0
      ? `${added.length} added`
      : `${added.length} new, not added (--add adds them)`,
  ];
  const lines = [`${basename(path)}: ${parts.join(', ')}`, ...list('dropped', dropped)];
  return [...lines, ...list(addsNew ? 'added  ' : 'new    ', added)]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
