/**
 * `KeeperLogger.log`: one line per record; rotated at midnight and at a maximum size; old files are removed (KEPM documentation, "Reading
 * logs").
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

/** The newer of the two documented names for rotated files. */
const rotatedName = /^KeeperLogger_(\d{4})(\d\d)(\d\d)(?:_\d{6})?\.log$/;

const DAY = 86_400_000;

export interface LogFileOptions {
  readonly folder: string;
  readonly now: () => number;
  /** IANA name of the time zone for midnight. */
  readonly timeZone: string;
  /** Read for each line, because both are settings. */
  readonly rotationBytes: () => number;
  readonly retentionDays: () => number;
  readonly isFull: () => boolean;
}

export class LogFile {
  readonly path: string;
  readonly #options: LogFileOptions;
  #descriptor: number | undefined;
  #size = 0;
  /** The day whose lines the file holds, `YYYYMMDD`. */
  #day = '';

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.path = join(options.folder, 'KeeperLogger.log');
    mkdirSync(options.folder, { recursive: true });
    this.#day = existsSync(this.path) ? this.#stamp(statSync(this.path).mtimeMs).day : this.#today().day;
    this.#open();
    this.#rotateIfDue(0);
    this.#removeOld();
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
    const { day, time } = this.#today();
    if (day !== this.#day) {
      // A file for that day may exist already, rotated for its size before a restart.
      if (this.#size > 0 && !this.#rotate(`KeeperLogger_${this.#day}.log`)) {
        this.#rotate(`KeeperLogger_${this.#day}_235959.log`);
      }
      this.#day = day;
      this.#removeOld();
    } else if (this.#size > 0 && this.#size + incoming > this.#options.rotationBytes()) {
      // The name contains seconds: a second rotation within the same second is postponed.
      if (this.#rotate(`KeeperLogger_${day}_${time}.log`)) this.#removeOld();
    }
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
      const [, year, month, date] = rotatedName.exec(name) ?? [];
      if (year !== undefined && `${year}${month}${date}` < oldest) {
        rmSync(join(this.#options.folder, name), { force: true });
      }
    }
  }

  #today(): { readonly day: string; readonly time: string } {
    return this.#stamp(this.#options.now());
  }

  /** `YYYYMMDD` and `HHMMSS` of a moment, in the agent's time zone. */
  #stamp(moment: number): { readonly day: string; readonly time: string } {
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
