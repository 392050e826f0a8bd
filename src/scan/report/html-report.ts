/** The HTML page of one run, from the object of its JSON report. */
import { shortFingerprint } from '../model/short-fingerprint.ts';
import { htmlPage } from './html/html-page.ts';
import { type Counts, type PageData, type PageFinding, type PageMachine } from './html/page-data.ts';
import { RuleTable } from './html/rule-table.ts';
import { disabledRulesNote } from './disabled-rules.ts';
import { wordsOf } from './reason-words.ts';
import type { JsonReport } from './schema.ts';

type Finding = JsonReport['outcome']['findings'][number];

export async function renderHtml(report: JsonReport): Promise<string> {
  return await htmlPage(runPage(report));
}

function runPage(report: JsonReport): PageData {
  const { findings } = report.outcome;
  // Making the descriptions of all rules takes time, and few reports need them.
  const rules = new RuleTable(findings.length === 0 ? [] : report.outcome.rules);
  const note = disabledRulesNote(report.outcome);
  return {
    kind: 'run',
    at: report.endedAt,
    machines: [inWords(machineOf(report))],
    findings: findings.map((finding) => pageFinding(finding, 0, rules)),
    rules: rules.used,
    warnings: note === undefined ? [] : [`${note}. Secrets of these kinds are not found.`],
  };
}

/** The machine of a report, as the report describes it. */
export function machineOf(report: JsonReport): PageMachine {
  const { tool, host, startedAt, endedAt, exitCode, exitMeaning, outcome } = report;
  const { findingCount, lifecycle } = outcome;
  return {
    name: host.name,
    os: host.os,
    startedAt,
    endedAt,
    exit: { code: exitCode, meaning: exitMeaning },
    tool: { name: tool.name, version: tool.version },
    counts: findingCount,
    shipped: outcome.shipped,
    omitted: outcome.omitted ?? {},
    suppressed: outcome.suppressed,
    disabledRules: outcome.disabledRules?.length ?? 0,
    ...(lifecycle !== undefined && {
      changes: { new: lifecycle.new, moved: lifecycle.moved, resolved: lifecycle.resolved },
    }),
    fingerprintKey: outcome.fingerprintKey,
    coverage: outcome.coverage,
    ...(outcome.roots !== undefined && { roots: outcome.roots }),
  };
}

/** The machine with words for people in place of the names of reasons. */
export function inWords(machine: PageMachine): PageMachine {
  const { coverage, suppressed } = machine;
  const counts = (byReason: Counts) =>
    Object.fromEntries(Object.entries(byReason).map(([reason, count]) => [wordsOf(reason), count]));
  return {
    ...machine,
    suppressed: counts(suppressed),
    coverage: coverage && {
      ...coverage,
      skipped: counts(coverage.skipped),
      unexamined: counts(coverage.unexamined),
      gaps: coverage.gaps.map(({ path, reason }) => ({ path, reason: wordsOf(reason) })),
    },
  };
}

/** @param machine the index of its machine */
export function pageFinding(finding: Finding, machine: number, rules: RuleTable): PageFinding {
  const { severity, confidence, path, line, column, bytes, count, files, evidence, exposure } = finding;
  const { owner, marker, shippedBy, history, fingerprint, locations = [] } = finding;
  const isMain = (place: Finding | (typeof locations)[number]) =>
    bytes === undefined ? place.line === line : place.bytes?.offset === bytes.offset;
  const also = locations.filter((place) => !isMain(place)).map((place) => place.bytes?.offset ?? place.line);
  return {
    m: machine,
    r: rules.indexOf(finding.rule, finding.title),
    severity,
    confidence,
    path,
    ...(bytes === undefined ? { line, column } : { byte: bytes.offset }),
    ...(also.length > 0 && { also: [...new Set(also)] }),
    count,
    ...(files !== undefined && { files }),
    fp: shortFingerprint(fingerprint),
    evidence,
    // The owner has a field of its own.
    exposure: exposure.filter((fact) => !fact.startsWith('owner ')),
    ...(owner !== undefined && { owner }),
    ...(marker !== undefined && { marker }),
    ...(shippedBy !== undefined && { shippedBy }),
    ...(history !== undefined && { state: history.state, since: history.since }),
  };
}
