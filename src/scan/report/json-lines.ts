/**
 * JSON Lines: one object per line. Each finding is a line; the last line is the summary. It says how many lines precede it, so a reader knows
 * whether the report is complete. On standard output, findings are written as they are found, before it is known in how many files
 * their secrets are.
 */
import { printable } from '../../host/log/index.ts';
import type { ReportStream } from '../../host/task/task.ts';
import type { Finding } from '../model/finding.ts';
import { usedRules } from './report-input.ts';
import type { FindingLine, JsonReport, SummaryLine } from './schema.ts';

export function renderJsonLines(report: JsonReport): string {
  const findings = report.outcome.findings.map(findingLine).join('');
  return findings + summaryLine(report, report.outcome.findings.length);
}

/** Writes findings as they are found. */
export class FindingStream {
  readonly #stream: ReportStream;
  #count = 0;

  constructor(stream: ReportStream) {
    this.#stream = stream;
  }

  add(finding: Finding): void {
    this.#count += 1;
    this.#stream.write(findingLine(finding));
  }

  /** The end of the report. */
  end(report: JsonReport): string {
    return summaryLine(report, this.#count);
  }
}

function findingLine(finding: Finding): string {
  return line({ type: 'finding', ...finding } satisfies FindingLine);
}

function summaryLine(report: JsonReport, findings: number): string {
  const { outcome, ...run } = report;
  const { findings: _, ...others } = outcome;
  const rules = usedRules(outcome);
  return line({ type: 'summary', ...run, findings, outcome: { ...others, rules } } satisfies SummaryLine);
}

/** Names in it are also safe to print on a terminal. */
function line(value: unknown): string {
  return `${printable(JSON.stringify(value))}\n`;
}
