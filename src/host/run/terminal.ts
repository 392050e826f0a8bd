/**
 * What a run shows to the person who started it: in a dry run, the progress of its work, warnings, and a report at the end. `--quiet`
 * leaves errors, `--verbose` adds the records. Other runs show errors only: their records tell the rest.
 */
import {
  type Fields,
  type LogEvent,
  type LogRecord,
  type Sink,
  type TextStyle,
  atLeast,
  printable,
  redactFields,
  terminalSink,
  textStyle,
} from '../log/index.ts';
import { type ColourChoice, isColoured, isDumb } from '../log/colour.ts';
import type { ShowProgress } from '../task/progress.ts';
import type { Surroundings } from '../task/surroundings.ts';
import type { FinishedRun } from '../task/task.ts';
import type { ProgressLine } from './progress-line.ts';

export interface TerminalOptions extends Pick<Surroundings, 'stdout' | 'stderr' | 'platform'> {
  /** The task's name. */
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: {
    readonly dryRun: boolean;
    readonly quiet: boolean;
    readonly verbose: boolean;
    readonly color: ColourChoice;
    readonly noColor: boolean;
  };
  /** All events that the run may log. */
  readonly events: readonly LogEvent[];
  /** Removes secrets. */
  readonly redact: (text: string) => string;
}

export class Terminal {
  readonly #options: TerminalOptions;
  readonly #events: ReadonlyMap<string, LogEvent>;
  #progress: ProgressLine | undefined;
  #hasProgress = false;
  #isOver = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#events = new Map(options.events.map((event) => [event.id, event]));
  }

  /** For the records of a dry run: all of them, or those of warnings as plain sentences. */
  get sink(): Sink {
    const { config, name } = this.#options;
    if (config.verbose) return terminalSink({ write: (text) => this.#print(text) });
    return {
      write: (record) => {
        const event = this.#events.get(record.event);
        if (config.quiet || !atLeast(record.level, 'Warning') || event?.isShownElsewhere) return;
        this.#print(`${name}: warning: ${sentenceOf(event?.text ?? record.event, record)}\n`);
      },
    };
  }

  readonly progress: ShowProgress = (describe) => {
    const { config, env, stderr, platform, redact } = this.#options;
    const { dryRun, quiet, verbose } = config;
    // A terminal in a CI service is a log file.
    const isWatched = stderr.isTTY === true && !isDumb(env) && env['CI'] === undefined;
    if (!isWatched || !dryRun || quiet || verbose || this.#hasProgress) return;
    this.#hasProgress = true;
    const { clock } = platform;
    const options = { terminal: stderr, colour: this.#isColoured('stderr'), clock, redact };
    const begin = async () => {
      const { ProgressLine } = await import('./progress-line.ts');
      if (!this.#isOver) this.#progress = new ProgressLine(describe, options);
    };
    // Without the module, there is no progress to see.
    begin().catch(() => undefined);
  };

  /** Erases the progress. */
  endProgress(): void {
    this.#isOver = true;
    this.#progress?.end();
    this.#progress = undefined;
  }

  /** Shows an error, in one line. */
  fail(error: string): void {
    this.#print(`${this.#options.name}: ${error}\n`);
  }

  /** How to show the report on standard output; undefined for a run that shows none. */
  get reportStyle(): TextStyle | undefined {
    const { config, env, stdout } = this.#options;
    if (!config.dryRun || config.quiet) return undefined;
    return textStyle(stdout, this.#colourChoice, env);
  }

  /** The report of a task that has none of its own. */
  summaryText(summary: Fields, { exitCode, exitMeaning }: FinishedRun): string {
    const { redact } = this.#options;
    const said = describe(redactFields(summary, redact)).join(', ');
    return `${said === '' ? '' : `${said}\n`}Exit code ${exitCode}: ${exitMeaning}\n`;
  }

  #isColoured(name: 'stdout' | 'stderr'): boolean {
    return isColoured(this.#options[name], this.#colourChoice, this.#options.env);
  }

  get #colourChoice(): ColourChoice {
    const { color, noColor } = this.#options.config;
    return noColor ? 'never' : color;
  }

  #print(text: string): void {
    if (this.#progress === undefined) this.#options.stderr.write(text);
    else this.#progress.write(text);
  }
}

/** `Free space cannot be determined: path /mnt, error permission denied`. A single text needs no name. */
function sentenceOf(text: string, { fields }: LogRecord): string {
  const [only, ...others] = Object.values(fields);
  const said = typeof only === 'string' && others.length === 0 ? [only] : describe(fields);
  return printable(said.length === 0 ? text : `${text}: ${said.join(', ')}`);
}

/** `path /mnt`, `free 5`. */
function describe(fields: Fields): string[] {
  return Object.entries(fields).map(([name, value]) => {
    const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return printable(`${wordsOf(name)} ${shown}`);
  });
}

/** `freeSpace` as `free space`. */
function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
