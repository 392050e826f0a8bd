/**
 * `KeeperLogger.log`: one line per record; rotated at midnight and at a maximum size; old files are removed (KEPM documentation, "Reading
 * logs"). `log-names.ts` has the other names that the file may have.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LogNaming, type Stamp, activeName, dayOf } from './log-names.ts';

const DAY = 86_400_000;

/** Where the log lies, as far as KEPM's place is not documented or differs between installations. */
export interface LogFileSwitches {
  /** Relative to the root. Default `Log`. */
  readonly logFolder?: string | undefined;
  /** Default `newer`. */
  readonly logNaming?: LogNaming | undefined;
  /** Whether Plugin Settings contain `log.file.path`. Default true. */
  readonly logPathInSettings?: boolean | undefined;
}

export interface LogFileOptions {
  readonly folder: string;
  readonly naming: LogNaming;
  readonly now: () => number;
  /** IANA name of the time zone for midnight. */
  readonly timeZone: string;
  /** Read for each line, because both are settings. */
  readonly rotationBytes: () => number;
  readonly retentionDays: () => number;
  readonly isFull: () => boolean;
}

export class LogFile {
  readonly #options: LogFileOptions;
  #descriptor: number | undefined;
  #size = 0;
  /** The day whose lines the file holds, `YYYYMMDD`. */
  #day = '';
  /** Number of the day's file, where one day has several. */
  #sequence = 0;

  constructor(options: LogFileOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#day = this.#today().day;
    if (options.naming === 'newer') {
      if (existsSync(this.path)) this.#day = this.#stamp(statSync(this.path).mtimeMs).day;
    } else {
      while (options.naming === 'dated' && existsSync(this.#pathOf(this.#sequence + 1))) this.#sequence += 1;
    }
    this.#open();
    this.#rotateIfDue(0);
    this.#removeOld();
  }

  /** The file that is written now. */
  get path(): string {
    return this.#pathOf(this.#sequence);
  }

  #pathOf(sequence: number): string {
    const { folder, naming } = this.#options;
    return join(folder, activeName(naming, this.#day, sequence));
  }

  /** Appends one line. @throws the system's error, or `ENOSPC` during the fault `disk-full` */
  write(line: string): void {
    if (this.#options.isFull()) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    this.#rotateIfDue(bytes.length);
    const descriptor = this.#descriptor ?? this.#open();
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    this.#size += bytes.length;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): number {
    const descriptor = openSync(this.path, 'a', 0o640);
    this.#descriptor = descriptor;
    this.#size = fstatSync(descriptor).size;
    return descriptor;
  }

  #rotateIfDue(incoming: number): void {
    const now = this.#today();
    const isNewDay = now.day !== this.#day;
    const isFull = this.#size > 0 && this.#size + incoming > this.#options.rotationBytes();
    if (!isNewDay && !isFull) return;
    if (this.#options.naming === 'newer') this.#renameFor(now);
    else if (isNewDay) this.#startFile(now.day, 0);
    else if (this.#options.naming === 'dated') this.#startFile(now.day, this.#sequence + 1);
  }

  /** The active file's name is always the same: the full one gets another. */
  #renameFor({ day, time }: Stamp): void {
    if (day !== this.#day) {
      // A file for that day may exist already, rotated for its size before a restart.
      if (this.#size > 0 && !this.#rotate(`KeeperLogger_${this.#day}.log`)) {
        this.#rotate(`KeeperLogger_${this.#day}_235959.log`);
      }
      this.#day = day;
      this.#removeOld();
    } else if (this.#rotate(`KeeperLogger_${day}_${time}.log`)) {
      // The name contains seconds: a second rotation within the same second is postponed.
      this.#removeOld();
    }
  }

  /** The active file's name changes. */
  #startFile(day: string, sequence: number): void {
    this.close();
    this.#day = day;
    this.#sequence = sequence;
    this.#open();
    this.#removeOld();
  }

  #rotate(name: string): boolean {
    const target = join(this.#options.folder, name);
    if (existsSync(target)) return false;
    this.close();
    renameSync(this.path, target);
    this.#open();
    return true;
  }

  #removeOld(): void {
    const oldest = this.#stamp(this.#options.now() - this.#options.retentionDays() * DAY).day;
    for (const name of readdirSync(this.#options.folder)) {
      const day = dayOf(this.#options.naming, name);
      if (day !== undefined && day < oldest) {
        rmSync(join(this.#options.folder, name), { force: true });
      }
    }
  }

  #today(): Stamp {
    return this.#stamp(this.#options.now());
  }

  /** `YYYYMMDD` and `HHMMSS` of a moment, in the agent's time zone. */
  #stamp(moment: number): Stamp {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: this.#options.timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    });
    const digits = format.format(moment).replaceAll(/\D/g, '');
    return { day: digits.slice(0, 8), time: digits.slice(8, 14) };
  }
}
