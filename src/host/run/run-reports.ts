/** The reports of a run: those of `--report`, and a text on standard output at the end of a dry run. */
import { TaskError, codeOf, systemReason } from '../exit/task-error.ts';
import type { AcknowledgingWriter, LineWriter, Log } from '../log/index.ts';
import type { Platform } from '../platform/index.ts';
import type { OutputFile } from '../platform/whole-file.ts';
import { type ReportTarget, reportTargets } from '../task/report-format.ts';
import type { FinishedRun, ReportStream, Task, TaskReport, TaskResult } from '../task/task.ts';
import { runEvents } from '../task/run-events.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

/** Bytes of a streamed report that may wait for a slow reader. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface RunReportsOptions {
  readonly task: Pick<Task, 'name' | 'reportFormats'>;
  readonly version: string;
  readonly platform: Platform;
  /** The values of `--report`. */
  readonly values: readonly string[];
  readonly dryRun: boolean;
  readonly terminal: Pick<Terminal, 'reportStyle' | 'summaryText'>;
  readonly stdout: LineWriter & AcknowledgingWriter & { readonly isTTY?: boolean };
  readonly exit: ExitStatus;
  readonly log: Log;
  /** Called for each report that cannot be written. */
  readonly onFailure: (error: unknown) => void;
  /** Aborted when the run must end: the file system then has little time to answer. */
  readonly signal: AbortSignal;
}

export class RunReports {
  /** Set if a streamed report goes to standard output. */
  readonly stream: ReportStream | undefined;
  readonly #options: RunReportsOptions;
  readonly #targets: readonly ReportTarget[];
  readonly #startedAt: string;
  #waitingBytes = 0;
  /** Standard output accepts nothing more. */
  #isClosed = false;

  /** @throws TaskError `usage` for a mistake in the values */
  constructor(options: RunReportsOptions) {
    const { task, values, platform, dryRun } = options;
    this.#options = options;
    this.#startedAt = new Date(platform.clock.now()).toISOString();
    this.#targets = reportTargets(values, task.reportFormats);
    const toStdout = this.#targets.find(({ path }) => path === undefined);
    if (toStdout === undefined) return;
    if (!dryRun) {
      throw new TaskError(
        'usage',
        '--report: a report on standard output needs --dry-run, because other runs have records there; name a file',
      );
    }
    const { format } = toStdout;
    if (task.reportFormats?.[format]?.isStreamed !== true) return;
    this.stream = { format, write: (text) => this.#print(text) };
  }

  /** A report is written to a terminal while the task works: nothing else should be shown there. */
  get isOnScreen(): boolean {
    return this.stream !== undefined && this.#options.stdout.isTTY === true;
  }

  /**
   * Checks that the reports can be written: before hours of work, not after them.
   * @throws TaskError `cannot-write`
   */
  async requireWritable(): Promise<void> {
    for (const { path } of this.#targets) {
      if (path === undefined) continue;
      const { requireWritable } = await import('../platform/whole-file.ts');
      await requireWritable(path, this.#file());
    }
  }

  /** Writes all reports; one that fails does not prevent the others. */
  async write({ report, summary }: TaskResult): Promise<void> {
    const { stdout, onFailure, terminal } = this.#options;
    if (report !== undefined) {
      const run = this.#run();
      for (const target of this.#targets) await this.#write(target, report, run).catch(onFailure);
    }
    const style = terminal.reportStyle;
    if (style === undefined || this.#targets.some(({ path }) => path === undefined)) return;
    stdout.write(report?.text(this.#run(), style) ?? terminal.summaryText(summary, this.#run()));
  }

  async #write({ format, path }: ReportTarget, report: TaskReport, run: FinishedRun): Promise<void> {
    if (path === undefined) {
      const end = this.stream === undefined ? report.file(format, run) : report.streamed?.(format, run);
      this.#print((await end) ?? '');
      return;
    }
    const { writeWholeFile } = await import('../platform/whole-file.ts');
    await writeWholeFile(path, await report.file(format, run), this.#file());
    this.#options.log(runEvents.reportWritten, { path });
  }

  /** Without its end, a report shows that it is incomplete: after a gap, nothing more is written. */
  #print(text: string): void {
    if (this.#isClosed) return;
    const size = Buffer.byteLength(text);
    if (this.#waitingBytes > 0 && this.#waitingBytes + size > MAX_WAITING_BYTES) {
      this.#close('its reader is too slow; name a file with --report');
      return;
    }
    this.#waitingBytes += size;
    this.#options.stdout.write(text, (error) => {
      this.#waitingBytes -= size;
      if (error && !this.#isClosed) this.#close(codeOf(error) === 'EPIPE' ? undefined : systemReason(error));
    });
  }

  /** @param reason undefined when the reader has seen enough, which is no failure */
  #close(reason: string | undefined): void {
    this.#isClosed = true;
    if (reason === undefined) return;
    const message = `the report on standard output cannot be written: ${reason}`;
    this.#options.onFailure(new TaskError('cannot-write', message));
  }

  #file(): OutputFile {
    return { what: 'the report', option: '--report', signal: this.#options.signal };
  }

  #run(): FinishedRun {
    const { task, version, platform, exit } = this.#options;
    const exitCode = exit.code;
    return {
      tool: { name: task.name, version },
      host: { name: platform.hostname, os: platform.os },
      startedAt: this.#startedAt,
      endedAt: new Date(platform.clock.now()).toISOString(),
      exitCode,
      exitMeaning: exit.table.meaningOf(exitCode),
    };
  }
}
