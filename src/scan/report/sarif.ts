/**
 * SARIF 2.1.0 (OASIS Standard, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"), for tools that collect
 * the results of many scanners. Section numbers below are that standard's. Messages hold no paths: text in a message may
 * be read as a link or a placeholder (3.11.5, 3.11.6), a URI may not.
 */
import { REDACTED } from '../../host/log/index.ts';
import type { Confidence, Finding, Location, RuleDescription, Severity } from '../model/finding.ts';
import { scanExits } from '../model/exits.ts';
import { fileUri, relativeUri } from './file-uri.ts';
import type { InnerPlace } from '../model/location.ts';
import { type FileLocation, NestedArtifacts } from './sarif-artifacts.ts';
import { wordsOf } from './reason-words.ts';
import { totalFindings, usedRules } from './report-input.ts';
import { baseFolderOf } from './report-places.ts';
import type { JsonReport } from './schema.ts';
import { LongList, serialize } from './serialize.ts';

/** Levels (3.27.10), and the score by which GitHub sorts ("SARIF support for code scanning", `security-severity`). */
const ratings = {
  critical: { level: 'error', score: '9.5' },
  high: { level: 'error', score: '8.0' },
  medium: { level: 'warning', score: '5.5' },
  low: { level: 'note', score: '2.0' },
} as const satisfies Record<Severity, { level: string; score: string }>;

/** The root of the scan, under the name that code hosts use for that of the sources. */
const ROOT = '%SRCROOT%';
/** Compared with the last run (3.27.24). */
const baselineStates = { new: 'new', persisting: 'unchanged', moved: 'updated' } as const;
/** From 0 to 100, how important a result is to a reader (3.27.25). */
const ranks = { high: 90, medium: 60, low: 20 } as const satisfies Record<Confidence, number>;

/** What a run says about itself in addition to its results (3.19.23, 3.58). */
const notifications = {
  'not-examined': {
    title: 'Something below a root could not be scanned.',
    help: 'Remove the reason, or exclude the place, and scan again: it may contain credentials.',
  },
  'findings-left-out': {
    title: 'More was found than a report holds.',
    help: 'Remove what is listed, and scan again.',
  },
} as const;

/** A SARIF log with one run. */
export function renderSarif(report: JsonReport): string {
  return serialize(sarifLog(report));
}

function sarifLog(input: JsonReport) {
  const { tool, host, outcome } = input;
  const { folders, files, unchanged, bytes, inside, skipped, unexamined } = outcome.coverage;
  const rules = usedRules(outcome);
  const ruleIndices = new Map(rules.map(({ id }, index) => [id, index]));
  const base = baseFolderOf(input);
  const fileLocation = (path: string) => {
    const relative = base?.relative(path);
    return relative === undefined
      ? { uri: fileUri(path, host.os) }
      : { uri: relativeUri(relative), uriBaseId: ROOT };
  };
  const artifacts = new NestedArtifacts(outcome.findings, fileLocation);
  const locate = locatorOf(artifacts, fileLocation);
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            ...(tool.informationUri !== undefined && { informationUri: tool.informationUri }),
            rules: rules.map(rule),
            notifications: Object.entries(notifications).map(([id, notification]) => ({
              id,
              ...described(notification),
            })),
          },
        },
        invocations: [invocation(input, locate)],
        ...(base !== undefined && { originalUriBaseIds: { [ROOT]: { uri: fileUri(base.path, host.os) } } }),
        columnKind: 'utf16CodeUnits',
        redactionTokens: [REDACTED],
        ...(artifacts.list.length > 0 && { artifacts: artifacts.list }),
        results: new LongList(outcome.findings, (finding) =>
          result(finding, ruleIndices.get(finding.rule), locate),
        ),
        properties: {
          coverage: { folders, files, unchanged, bytes, inside, skipped, unexamined },
          findingCount: outcome.findingCount,
          shipped: outcome.shipped,
          ...(outcome.omitted !== undefined && { omitted: outcome.omitted }),
          ...(outcome.lifecycle !== undefined && { lifecycle: outcome.lifecycle }),
          suppressed: outcome.suppressed,
          ...(outcome.disabledRules !== undefined && { disabledRules: outcome.disabledRules }),
        },
      },
    ],
  };
}

/** The texts of a `reportingDescriptor` (3.49); GitHub requires all of them. */
function described({ title, help }: { readonly title: string; readonly help: string }) {
  return { shortDescription: { text: title }, fullDescription: { text: title }, help: { text: help } };
}

/** A `reportingDescriptor` (3.49). */
function rule({ id, title, severity, remediation, source }: RuleDescription) {
  const { level, score } = ratings[severity];
  return {
    id,
    ...described({ title, help: `${remediation}\n\nFormat: ${source}` }),
    ...(URL.canParse(source) && { helpUri: source }),
    defaultConfiguration: { level },
    properties: { 'security-severity': score, tags: ['security', 'secret'] },
  };
}

/**
 * A `result` (3.27). It has several locations because each of them must be changed (3.27.12); in another file, the same
 * secret is another result with the same fingerprint (3.27.17).
 */
function result(finding: Finding, ruleIndex: number | undefined, locate: Locate) {
  const { evidence, exposure, severity, confidence, shippedBy, history, count, files } = finding;
  const because = evidence.length > 0 ? `: ${evidence.join(', ')}` : '';
  return {
    ruleId: finding.rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    ...(history !== undefined && { baselineState: baselineStates[history.state] }),
    level: ratings[severity].level,
    message: { text: `${finding.title}${because}.` },
    locations: locationsOf(finding).map((place) => locate(finding, region(place))),
    ...(count > 1 && { occurrenceCount: count }),
    partialFingerprints: { 'secretHmacSha256/v1': finding.fingerprint },
    rank: ranks[confidence],
    properties: {
      severity,
      confidence,
      evidence,
      exposure,
      ...(shippedBy !== undefined && { shippedBy }),
      ...(files !== undefined && { files }),
      ...(history !== undefined && { since: history.since }),
    },
  };
}

/** The listed locations, beginning with the one that represents the finding. */
function locationsOf(finding: Finding): readonly Location[] {
  const { line, column, locations = [] } = finding;
  return [finding, ...locations.filter((place) => place.line !== line || place.column !== column)];
}

/** A `region` (3.30): of a text, whose `endColumn` is that of the character after the last one, or of a binary (3.30.3). */
function region({ line, column, endLine, endColumn, bytes }: Location) {
  return bytes === undefined
    ? { startLine: line, startColumn: column, endLine, endColumn }
    : { byteOffset: bytes.offset, byteLength: bytes.length };
}

/** Creates a `location` (3.28). */
type Locate = ReturnType<typeof locatorOf>;

/** If the scan had one root, URIs are relative to it (3.14.14): readers may have the same files in another folder. */
function locatorOf(artifacts: NestedArtifacts, fileLocation: (path: string) => FileLocation) {
  return (found: InnerPlace, place?: ReturnType<typeof region>) => {
    const artifactLocation = artifacts.locationOf(found) ?? fileLocation(found.path);
    return { physicalLocation: { artifactLocation, ...(place && { region: place }) } };
  };
}

/** An `invocation` (3.20). It succeeded when the work was completed, whether or not something was found. */
function invocation(input: JsonReport, locate: Locate) {
  const { exitCode, exitMeaning } = input;
  return {
    executionSuccessful: exitCode === 0 || exitCode === scanExits.findings.code,
    exitCode,
    exitCodeDescription: exitMeaning,
    startTimeUtc: input.startedAt,
    endTimeUtc: input.endedAt,
    machine: input.host.name,
    toolExecutionNotifications: [...gaps(input, locate), ...leftOut(input)],
  };
}

/** The listed gaps one by one, then each reason with its total count. */
function gaps({ outcome }: JsonReport, locate: Locate) {
  const { unexamined, gaps } = outcome.coverage;
  return [
    ...gaps.map(({ path, reason }) => ({
      ...notification('not-examined', `Not scanned: ${wordsOf(reason)}.`),
      locations: [locate({ path })],
    })),
    ...Object.entries(unexamined).map(([reason, count]) =>
      notification('not-examined', `Not scanned in all: ${count} (${wordsOf(reason)}).`),
    ),
  ];
}

function leftOut({ outcome }: JsonReport) {
  const count = totalFindings(outcome) - outcome.findings.length;
  return count > 0 ? [notification('findings-left-out', `Findings left out of this report: ${count}.`)] : [];
}

/** A `notification` (3.58). */
function notification(id: keyof typeof notifications, text: string) {
  return { descriptor: { id }, level: 'warning', message: { text } };
}
