/**
 * GitLab's report of secret detection, which its merge requests and vulnerability reports show ("Security scanner integration" in GitLab's
 * documentation; its schema is part of the "security-report-schemas" project).
 */
import { createHash } from 'node:crypto';
import { scanExits } from '../model/exits.ts';
import type { RuleDescription } from '../model/finding.ts';
import { shownText } from './markdown-text.ts';
import { disabledRulesNote } from './disabled-rules.ts';
import { wordsOf } from './reason-words.ts';
import { totalFindings } from './report-input.ts';
import { inOrder, positionOf, severityTitles, shownPaths } from './report-places.ts';
import type { JsonReport } from './schema.ts';
import { LongList, serialize } from './serialize.ts';

type Finding = JsonReport['outcome']['findings'][number];

const VERSION = '15.2.1';
/** The schema's limits, in characters. */
const LONGEST_NAME = 255;
const LONGEST_SOLUTION = 7000;
/** What GitLab's own analyzer gives for a file that is not of a commit. */
const NO_COMMIT = '0000000';

export function renderGitlab(report: JsonReport): string {
  const { tool, outcome } = report;
  const fileOf = shownPaths(report);
  const rules = new Map(outcome.rules.map((rule) => [rule.id, rule]));
  return serialize({
    version: VERSION,
    schema: `https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v${VERSION}/dist/secret-detection-report-format.json`,
    scan: scan(report),
    vulnerabilities: new LongList(inOrder(outcome.findings), (finding) =>
      vulnerability(finding, fileOf(finding.path), rules.get(finding.rule), tool.name),
    ),
  });
}

function scan(report: JsonReport) {
  const { tool, startedAt, endedAt, exitCode } = report;
  const { name, version, informationUri } = tool;
  const program = {
    id: name,
    name,
    version,
    vendor: { name },
    ...(informationUri !== undefined && { url: informationUri }),
  };
  const isDone = exitCode === 0 || Object.values(scanExits).some(isVerdict(exitCode));
  return {
    analyzer: program,
    scanner: program,
    type: 'secret_detection',
    start_time: timeOf(startedAt),
    end_time: timeOf(endedAt),
    status: isDone ? 'success' : 'failure',
    messages: messages(report).map((value) => ({ level: 'warn', value })),
  };
}

function isVerdict(exitCode: number) {
  return ({ kind, code }: (typeof scanExits)[keyof typeof scanExits]) =>
    kind === 'verdict' && code === exitCode;
}

/** What the list of vulnerabilities does not show. */
function messages({ outcome }: JsonReport): string[] {
  const { unexamined } = outcome.coverage;
  const more = totalFindings(outcome) - outcome.findings.length;
  const note = disabledRulesNote(outcome);
  return [
    ...Object.entries(unexamined).map(([reason, count]) => `Not scanned: ${count} (${wordsOf(reason)})`),
    ...(more > 0 ? [`Findings that are not listed: ${more}`] : []),
    ...(note === undefined ? [] : [note]),
  ];
}

function vulnerability(finding: Finding, file: string, rule: RuleDescription | undefined, program: string) {
  const { rule: id, title, severity, line, endLine, fingerprint } = finding;
  const source = rule?.source ?? '';
  return {
    id: identifierOf(finding),
    name: title.slice(0, LONGEST_NAME),
    description: descriptionOf(finding),
    severity: severityTitles[severity],
    ...(rule !== undefined && { solution: rule.remediation.slice(0, LONGEST_SOLUTION) }),
    identifiers: [
      {
        type: `${program.replaceAll('-', '_')}_rule_id`,
        name: `${program} rule ${id}`,
        value: id,
        ...(isWebAddress(source) && { url: source }),
      },
    ],
    location: { file, start_line: line, end_line: endLine, commit: { sha: NO_COMMIT } },
    details: { fingerprint: { name: 'Fingerprint', type: 'text', value: fingerprint } },
  };
}

/** In Markdown, which is how GitLab shows it. */
function descriptionOf(finding: Finding): string {
  const { title, confidence, evidence, exposure, count, shippedBy } = finding;
  const parts = [
    `${shownText(title)} in plain text at ${positionOf(finding)}, ${confidence} confidence`,
    ...evidence.map(shownText),
    ...exposure.map(shownText),
    ...(count > 1 ? [`${count} times in this file`] : []),
    ...(shippedBy === undefined ? [] : [`in an unmodified file of the package ${shownText(shippedBy)}`]),
  ];
  return `${parts.join(', ')}.`;
}

/** A UUID (RFC 9562, version 8) that is the same for the same finding in every report. */
function identifierOf({ rule, path, fingerprint, line, column }: Finding): string {
  const text = JSON.stringify([rule, path, fingerprint, line, column]);
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** The schema allows neither fractions of seconds nor a zone; the time is UTC. */
function timeOf(time: string): string {
  return new Date(time).toISOString().slice(0, 19);
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/./.test(text) && URL.canParse(text);
}
