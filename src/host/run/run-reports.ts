/** The reports of a run: a file for `--report`, and a text on standard output at the end of a dry run. */
import type { LineWriter, Log } from '../log/index.ts';
import type { Platform } from '../platform/index.ts';
import type { FinishedRun, Task, TaskResult } from '../task/task.ts';
import { runEvents } from '../task/run-events.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

export interface RunReportsOptions {
  readonly task: Pick<Task, 'name' | 'reportFormats'>;
  readonly version: string;
  readonly platform: Platform;
  /** The value of `--report`. */
  readonly path: string | undefined;
  readonly terminal: Pick<Terminal, 'reportStyle' | 'summaryText'>;
  readonly stdout: LineWriter;
  readonly exit: ExitStatus;
  readonly log: Log;
  /** Aborted when the run must end: the file system then has little time to answer. */
  readonly signal: AbortSignal;
}

export class RunReports {
  readonly #options: RunReportsOptions;
  readonly #startedAt: string;

  constructor(options: RunReportsOptions) {
    this.#options = options;
    this.#startedAt = new Date(options.platform.clock.now()).toISOString();
  }

  /**
   * Checks that the file system of the report's folder answers: before hours of work, not after them.
   * @throws TaskError `cannot-write`
   */
  async requireFolder(): Promise<void> {
    const { path, signal } = this.#options;
    if (path === undefined) return;
    const { requireReportFolder } = await import('./report-file.ts');
    await requireReportFolder(path, signal);
  }

  /** @throws TaskError `cannot-write` */
  async write({ report, summary }: TaskResult): Promise<void> {
    const { task, path, terminal, stdout, log, signal } = this.#options;
    if (report !== undefined && path !== undefined) {
      const { reportFormatOf, writeReport } = await import('./report-file.ts');
      await writeReport(path, report.file(reportFormatOf(path, task.reportFormats), this.#run()), signal);
      log(runEvents.reportWritten, { path });
    }
    const style = terminal.reportStyle;
    if (style === undefined) return;
    stdout.write(report?.text(this.#run(), style) ?? terminal.summaryText(summary, this.#run()));
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
