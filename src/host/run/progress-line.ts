/**
 * One line on a terminal that says how far the work is, drawn again a few times per second and erased at the end. Nothing is loaded or
 * drawn for a run that is over at once.
 */
import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import { setInterval } from 'node:timers/promises';
import { printable } from '../log/index.ts';
import { columnsOf, shortened } from '../log/text-layout.ts';
import type { Progress } from '../task/progress.ts';
import type { Printer } from '../task/surroundings.ts';

/** Milliseconds of work before the line appears, and between two drawings. */
const FIRST_DRAWING_MS = 500;
const REDRAW_MS = 200;
/** Milliseconds of work before the time left is estimated, and the fraction of the work. */
const FIRST_ESTIMATE_MS = 3000;
const FIRST_ESTIMATE_FRACTION = 0.02;
/** Columns: before the text, for what moves, and after it, so that the line never wraps. */
const MARGIN = 3;
/** Columns of a path that still says something. */
const SHORTEST_PATH = 12;
const GAP = '  ';

export interface ProgressLineOptions {
  readonly terminal: Printer;
  readonly colour: boolean;
  readonly clock: { monotonic(): number };
  /** Removes secrets. */
  readonly redact: (text: string) => string;
}

export class ProgressLine {
  readonly #options: ProgressLineOptions;
  readonly #screen: Writable;
  readonly #began: number;
  readonly #timer: NodeJS.Timeout;
  readonly #describe: () => Progress;
  #spinner: { text: string; stop(): void } | undefined;
  #isOver = false;

  constructor(describe: () => Progress, options: ProgressLineOptions) {
    this.#describe = describe;
    this.#options = options;
    this.#screen = screenOn(options);
    this.#began = options.clock.monotonic();
    // What cannot be drawn must not end the work.
    const begin = () => this.#begin().catch(() => this.end());
    this.#timer = setTimeout(() => void begin(), FIRST_DRAWING_MS).unref();
  }

  /** Writes lines above the progress. */
  write(text: string): void {
    this.#screen.write(text);
  }

  /** Erases the line. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  async #begin(): Promise<void> {
    const { default: newSpinner } = await import('yocto-spinner');
    if (this.#isOver) return;
    // The run handles signals, and ends in order after them.
    const look = { spinner: { frames, interval: REDRAW_MS }, stream: this.#screen };
    const spinner = newSpinner({ ...look, handleSignals: false });
    this.#spinner = spinner.start(this.#line());
    for await (const _ of setInterval(REDRAW_MS, undefined, { ref: false })) {
      if (this.#isOver) return;
      spinner.text = this.#line();
    }
  }

  #line(): string {
    const { terminal, clock, redact } = this.#options;
    const { at, ...progress } = this.#describe();
    const clean = (text: string) => printable(redact(text)).normalize();
    const place = at === undefined ? undefined : clean(at);
    const done = progress.done.map(clean);
    const elapsed = clock.monotonic() - this.#began;
    return lineOf({ ...progress, done, at: place }, elapsed, (terminal.columns ?? 80) - MARGIN);
  }
}

/** ASCII: not every console has other characters. */
const frames = ['-', '\\', '|', '/'];

/**
 * The text of the line, in at most so many columns.
 * @param elapsed milliseconds since the work began
 */
export function lineOf({ done, at, fraction }: Progress, elapsed: number, columns: number): string {
  const percent = fraction === undefined ? [] : [`${Math.floor(fraction * 100)}%`];
  const isEstimable = elapsed >= FIRST_ESTIMATE_MS && (fraction ?? 0) >= FIRST_ESTIMATE_FRACTION;
  const left =
    fraction === undefined || !isEstimable
      ? []
      : [`about ${roughly((elapsed * (1 - fraction)) / fraction)} left`];
  const parts = [...percent, ...done, ...left];
  // The least important ones are last.
  while (parts.length > 1 && columnsOf(parts.join(GAP)) > columns) parts.pop();
  const text = shortened(parts.join(GAP), columns);
  const room = columns - columnsOf(text) - GAP.length;
  return at === undefined || room < SHORTEST_PATH ? text : `${text}${GAP}${shortened(at, room)}`;
}

/** `20 s`, `3 min`, `2 h 5 min`. */
function roughly(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** DECTCEM of the VT220. */
const HIDE_CURSOR = '\u001b[?25l';
/** The codes of colours (ECMA-48, SGR). */
// oxlint-disable-next-line no-control-regex -- it is what is looked for
const colours = /\u001b\[[\d;]*m/g;

/** A terminal's screen as the spinner needs it. Lines never wrap, whatever their length. */
function screenOn({ terminal, colour }: ProgressLineOptions): Writable {
  const screen: Writable = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      // The cursor stays visible: a process that is killed could not show it again.
      if (text !== HIDE_CURSOR) terminal.write(colour ? text : text.replaceAll(colours, ''));
      done();
    },
  });
  return Object.assign(screen, {
    isTTY: true,
    columns: Infinity,
    cursorTo: (column: number) => cursorTo(screen, column),
    moveCursor: (columns: number, rows: number) => moveCursor(screen, columns, rows),
    clearLine: (direction: -1 | 0 | 1) => clearLine(screen, direction),
  });
}
