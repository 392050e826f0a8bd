/** What a merge keeps of a report: its machine at one moment. */
import { machineOf, pageFinding } from '../html-report.ts';
import type { PageFinding, PageMachine } from '../html/page-data.ts';
import type { RuleTable } from '../html/rule-table.ts';
import type { JsonReport } from '../schema.ts';

/** A machine at the end of one run. */
export interface Snapshot {
  readonly machine: PageMachine;
  /** Places that the run scanned; undefined if the report does not list all of them. */
  readonly roots: readonly string[] | undefined;
  /** Ids of the rules that the run did not use. */
  readonly disabledRules: ReadonlySet<string>;
  /** Undefined when only their number is known. */
  readonly findings: readonly PageFinding[] | undefined;
}

/** A report lists no more roots than this. */
const MAX_LISTED_ROOTS = 1000;

/** Reduces reports to snapshots. */
export class SnapshotReader {
  readonly #rules: RuleTable;
  #room: number;

  /** @param maxFindings how many findings all snapshots together may hold */
  constructor(rules: RuleTable, maxFindings: number) {
    this.#rules = rules;
    this.#room = maxFindings;
  }

  /** The snapshot of a report. Without room for its findings, it has only their number. */
  read(report: JsonReport): Snapshot {
    const { roots, rules, findings } = report.outcome;
    const fits = findings.length <= this.#room;
    if (fits) {
      this.#room -= findings.length;
      const named = new Set(findings.map(({ rule }) => rule));
      this.#rules.learn(rules.filter(({ id }) => named.has(id)));
    }
    return {
      machine: machineOf(report),
      roots: roots === undefined || roots.length >= MAX_LISTED_ROOTS ? undefined : roots,
      disabledRules: new Set(report.outcome.disabledRules),
      findings: fits ? findings.map((finding) => pageFinding(finding, 0, this.#rules)) : undefined,
    };
  }
}
