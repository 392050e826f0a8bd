/** Reads the files of a fleet, one at a time, and keeps what a page needs of them. A file that cannot be used is named, not fatal. */
import { describeError } from '../../../host/exit/task-error.ts';
import type { ReadInput } from '../../../host/platform/index.ts';
import type { RuleDescription } from '../../model/finding.ts';
import type { PageData } from '../html/page-data.ts';
import { RuleTable } from '../html/rule-table.ts';
import { parseReport } from '../read.ts';
import { fleetPage, someOf } from './fleet-page.ts';
import { type FleetRecord, recordsIn } from './record-lines.ts';
import { isLinesReport, parseLinesReport } from './lines-report.ts';
import { type ReportFile, type Skipped, findReportFiles } from './report-files.ts';
import { type Snapshot, SnapshotReader } from './snapshot.ts';
import type { TeamOf } from './teams.ts';

/** Of one file. The largest report of a scan has some 30 MB. */
const MAX_FILE_BYTES = 128 * 1024 * 1024;
/** In memory: some 150 MB. */
const MAX_FINDINGS = 300_000;
const MAX_RECORDS = 300_000;
/** Files that are named, in a warning or on standard error. */
const MAX_SKIPPED = 1000;

export interface FleetReaderOptions {
  readonly readInput: ReadInput;
  readonly signal: AbortSignal;
  /** Describes the built-in rules. */
  readonly rules: () => readonly RuleDescription[] | Promise<readonly RuleDescription[]>;
}

export class FleetReader {
  /** Files and folders that could not be used. */
  readonly skipped: Skipped[] = [];
  filesRead = 0;
  readonly #options: FleetReaderOptions;
  readonly #rules = new RuleTable();
  readonly #reports = new SnapshotReader(this.#rules, MAX_FINDINGS);
  readonly #snapshots = new Map<string, Snapshot[]>();
  readonly #records = new Map<string, FleetRecord[]>();
  #recordCount = 0;

  constructor(options: FleetReaderOptions) {
    this.#options = options;
  }

  get machines(): number {
    return new Set([...this.#snapshots.keys(), ...this.#records.keys()]).size;
  }

  /** Reads all report files below a folder. */
  async readFolder(folder: string): Promise<void> {
    const { files, skipped } = await findReportFiles(folder, this.#options.signal);
    for (const each of skipped) this.#skip(each);
    for (const file of files) {
      if (this.#options.signal.aborted) return;
      const reason = await this.#read(file);
      if (reason === undefined) this.filesRead += 1;
      else this.#skip({ path: file.path, reason });
    }
  }

  async page(teamOf: TeamOf): Promise<PageData> {
    if (this.#records.size > 0) this.#rules.learn(await this.#options.rules());
    const names = this.skipped.map(({ path, reason }) => `${path} (${reason})`);
    const warnings =
      names.length === 0
        ? []
        : [`${names.length === 1 ? '1 file was' : `${names.length} files were`} left out: ${someOf(names)}.`];
    return fleetPage({ snapshots: this.#snapshots, records: this.#records }, this.#rules, teamOf, warnings);
  }

  /** @returns why the file cannot be used */
  async #read({ path, kind }: ReportFile): Promise<string | undefined> {
    let content: Buffer;
    try {
      content = await this.#options.readInput(path, { what: 'the report', maxBytes: MAX_FILE_BYTES });
    } catch (error) {
      return describeError(error).replace(`the report ${path} `, '');
    }
    if (kind === 'lines' && !isLinesReport(content)) return this.#readRecords(content);
    return await this.#readReport(content, kind === 'lines' ? parseLinesReport : parseReport);
  }

  async #readReport(content: Buffer, parse: typeof parseReport): Promise<string | undefined> {
    try {
      const snapshot = this.#reports.read(await parse(content.toString('utf8')));
      add(this.#snapshots, snapshot.machine.name, snapshot);
      return undefined;
    } catch (error) {
      return `it is not a report: ${describeError(error)}`;
    }
  }

  #readRecords(content: Buffer): string | undefined {
    const { records, damaged } = recordsIn(content);
    if (records.length === 0) return 'it has no record of a finding and no summary of a run';
    if ((this.#recordCount += records.length) > MAX_RECORDS)
      return 'too many records; merge fewer files at once';
    for (const record of records) add(this.#records, record.host, record);
    return damaged === 0 ? undefined : `${damaged} of its records are damaged or cut; the others are used`;
  }

  #skip(each: Skipped): void {
    if (this.skipped.length < MAX_SKIPPED) this.skipped.push(each);
  }
}

function add<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
