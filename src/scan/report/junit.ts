/**
 * JUnit XML, which most CI servers show: each finding is a failed test, and so is each reason why something was not scanned. A run that
 * found nothing has one test, which passes.
 */
import { printable } from '../../host/log/index.ts';
import { disabledRulesNote } from './disabled-rules.ts';
import { wordsOf } from './reason-words.ts';
import { totalFindings } from './report-input.ts';
import { inOrder, positionOf, shownPaths } from './report-places.ts';
import type { JsonReport } from './schema.ts';

type Finding = JsonReport['outcome']['findings'][number];

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    readonly attributes: Readonly<Record<string, string>>;
    readonly text?: string;
  };
}

export function renderJunit(report: JsonReport): string {
  const { tool, startedAt, endedAt } = report;
  const suites = [findingSuite(report), coverageSuite(report)];
  const time = seconds(startedAt, endedAt);
  const body = suites.map(({ name, cases }) => {
    const attributes = { name, ...counts(cases), time, timestamp: startedAt, hostname: report.host.name };
    return element('testsuite', attributes, cases.map(testCase));
  });
  const attributes = { name: tool.name, ...counts(suites.flatMap(({ cases }) => cases)), time };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, body)}`;
}

function findingSuite(report: JsonReport): Suite {
  const { outcome, tool } = report;
  const remediations = new Map(outcome.rules.map(({ id, remediation }) => [id, remediation]));
  const shown = shownPaths(report);
  const cases = inOrder(outcome.findings).map((finding) =>
    findingCase({ ...finding, path: shown(finding.path) }, remediations),
  );
  const more = totalFindings(outcome) - outcome.findings.length;
  if (more > 0) cases.push(failed('Findings that are not listed', `${more} more were found`, tool.name));
  if (cases.length === 0) cases.push(passed('No plaintext credentials', tool.name));
  return { name: 'Findings', cases };
}

function findingCase(finding: Finding, remediations: ReadonlyMap<string, string>): Case {
  const { rule, title, path, line, severity, confidence, evidence, exposure, count, files, shippedBy } =
    finding;
  const position = positionOf(finding);
  const attributes = {
    classname: path,
    name: `${title} at ${position}`,
    file: path,
    ...(finding.bytes === undefined && { line }),
  };
  if (shippedBy !== undefined) {
    const message = `in an unmodified file of the package ${shippedBy}`;
    return { attributes, result: { kind: 'skipped', attributes: { message } } };
  }
  const lines = [
    `${path}:${position}`,
    `Rule: ${rule}`,
    `Confidence: ${[confidence, ...evidence].join(', ')}`,
    ...(exposure.length > 0 ? [`Exposure: ${exposure.join(', ')}`] : []),
    ...(count > 1 ? [`Occurrences in this file: ${count}`] : []),
    ...(files === undefined ? [] : [`Files with this secret: ${files}`]),
    `Fingerprint: ${finding.fingerprint}`,
    ...(remediations.has(rule) ? [`What to do: ${remediations.get(rule)}`] : []),
  ];
  const message = `${severity}: ${title}`;
  return {
    attributes,
    result: {
      kind: 'failure',
      attributes: { type: severity, message },
      text: lines.map(printable).join('\n'),
    },
  };
}

function coverageSuite({ outcome, tool }: JsonReport): Suite {
  const { unexamined, gaps } = outcome.coverage;
  const reasons = Object.entries(unexamined);
  const note = disabledRulesNote(outcome);
  const disabled = note === undefined ? [] : [skipped('Disabled rules', note, tool.name)];
  if (reasons.length === 0) {
    return { name: 'Coverage', cases: [passed('Everything was scanned', tool.name), ...disabled] };
  }
  const cases = reasons.map(([reason, count]) => {
    const words = wordsOf(reason);
    const paths = gaps.filter((gap) => gap.reason === reason).map(({ path }) => printable(path));
    return failed(`Not scanned: ${words}`, `${count} not scanned: ${words}`, tool.name, paths.join('\n'));
  });
  return { name: 'Coverage', cases: [...cases, ...disabled] };
}

function passed(name: string, classname: string): Case {
  return { attributes: { classname, name } };
}

function skipped(name: string, message: string, classname: string): Case {
  return { attributes: { classname, name }, result: { kind: 'skipped', attributes: { message } } };
}

/** A test that could not give a result. */
function failed(name: string, message: string, classname: string, text = ''): Case {
  return { attributes: { classname, name }, result: { kind: 'error', attributes: { message }, text } };
}

function counts(cases: readonly Case[]) {
  const of = (kind: string) => cases.filter(({ result }) => result?.kind === kind).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function testCase({ attributes, result }: Case): string {
  if (result === undefined) return element('testcase', attributes);
  const { kind, text = '' } = result;
  const inner = text === '' ? element(kind, result.attributes) : textElement(kind, result.attributes, text);
  return element('testcase', attributes, [inner]);
}

/** @param children elements, each of which ends with a line feed */
function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const start = `<${name}${attributeList(attributes)}`;
  return children.length === 0 ? `${start}/>\n` : `${start}>\n${children.join('')}</${name}>\n`;
}

function textElement(name: string, attributes: Readonly<Record<string, string>>, text: string): string {
  return `<${name}${attributeList(attributes)}>${escaped(text)}</${name}>\n`;
}

function attributeList(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(printable(String(value)))}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Printable text as XML: of the characters that XML does not allow, only U+FFFE and U+FFFF are printable (XML 1.0, section 2.2). */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd');
}

function seconds(startedAt: string, endedAt: string): string {
  return ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(3);
}
