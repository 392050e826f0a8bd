/**
 * CSV (RFC 4180), for spreadsheets and their like: a row for each finding and, so that an incomplete scan does not look clean, for everything
 * that was not scanned and for the disabled rules. No cell can be taken for a formula.
 */
import { printable } from '../../host/log/index.ts';
import { disabledRuleNames } from './disabled-rules.ts';
import { totalFindings } from './report-input.ts';
import { inOrder } from './report-places.ts';
import type { JsonReport } from './schema.ts';

const columns = [
  'type',
  'host',
  'severity',
  'confidence',
  'rule',
  'title',
  'path',
  'line',
  'column',
  'offset',
  'count',
  'files',
  'owner',
  'evidence',
  'exposure',
  'status',
  'since',
  'shipped_by',
  'fingerprint',
  'remediation',
] as const;
type Row = Readonly<Partial<Record<(typeof columns)[number], string | number>>>;

export function renderCsv(report: JsonReport): string {
  const rows = [...findings(report), ...leftOut(report), ...gaps(report), ...disabledRules(report)];
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? '')));
  return [columns, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function findings({ host, outcome }: JsonReport): Row[] {
  const remediations = new Map(outcome.rules.map(({ id, remediation }) => [id, remediation]));
  return inOrder(outcome.findings).map(({ line, column, bytes, files, history, shippedBy, ...finding }) => ({
    ...finding,
    type: 'finding',
    host: host.name,
    ...(bytes === undefined ? { line, column } : { offset: bytes.offset }),
    files: files ?? 1,
    evidence: finding.evidence.join('; '),
    exposure: finding.exposure.join('; '),
    status: history?.state ?? '',
    since: history?.since ?? '',
    shipped_by: shippedBy ?? '',
    remediation: remediations.get(finding.rule) ?? '',
  }));
}

/** Findings that are counted and not listed. */
function leftOut({ host, outcome }: JsonReport): Row[] {
  const count = totalFindings(outcome) - outcome.findings.length;
  return count > 0 ? [{ type: 'findings-not-listed', host: host.name, count }] : [];
}

/** The listed gaps, and the number of all for each reason. */
function gaps({ host, outcome }: JsonReport): Row[] {
  const { gaps: listed, unexamined } = outcome.coverage;
  return [
    ...listed.map(({ path, reason }) => ({ type: 'not-scanned', host: host.name, path, evidence: reason })),
    ...Object.entries(unexamined).map(([reason, count]) => ({
      type: 'not-scanned-in-all',
      host: host.name,
      count,
      evidence: reason,
    })),
  ];
}

function disabledRules({ host, outcome }: JsonReport): Row[] {
  const { disabledRules: { length: count } = [] } = outcome;
  if (count === 0) return [];
  return [{ type: 'disabled-rules', host: host.name, count, evidence: disabledRuleNames(outcome) }];
}

/** Spreadsheets calculate a cell that starts with one of these, full-width forms included (OWASP, "CSV Injection"). */
const FORMULA = /^\s*[=+\-@＝＋－＠]/u;

/** Text that a spreadsheet could calculate gets an apostrophe in front, which spreadsheets do not show. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = printable(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
