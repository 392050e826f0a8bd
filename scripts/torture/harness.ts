/**
 * The basis of every row of the torture test: an identity, a temporary folder, the packed executable run with
 * limits on time and memory, and the count of tries and failures. Independent of the rows; of the executable it
 * knows only the flags.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

/** The identity of a row. As root, the user is `USER_ID`. */
export type Identity = 'root' | 'user';
/** The id of `nobody` on every Linux. */
export const USER_ID = 65_534;
/** Another user, who has no account. */
export const OTHER_ID = 65_501;
export const isRoot = process.getuid?.() === 0;

/** Bytes kept of each output; the rest is read and dropped. */
const OUTPUT_LIMIT = 64e6;
/** Seconds after which a run is killed unless a row specifies another limit. */
const WALL_LIMIT = 60;
/** MB of resident memory at which a run is killed, so that a bug does not bring down the machine. */
const MEMORY_GUARD = 1200;

export interface Row {
  /** `area/action`. */
  readonly name: string;
  /** `any`: as the user who runs the test. `both`: as root and as a user. Default `any`. */
  readonly as?: 'any' | 'both' | Identity;
  /** Whether the short form includes it. */
  readonly isShort?: boolean;
  /** Why the row cannot run on this machine, if it cannot. */
  readonly skip?: () => string | undefined;
  readonly run: (trial: Trial) => Promise<void>;
}

/** Where standard output or error goes; see launch.py. */
export type Stream = 'inherit' | 'closed' | 'unread' | 'unread-full' | 'goes-away' | `/${string}`;

export interface RunOptions {
  readonly stdout?: Stream;
  readonly stderr?: Stream;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Seconds. */
  readonly wall?: number;
  /** Prepended to the executable, for example a tracer. */
  readonly prefix?: readonly string[];
  /** Default: the identity of the row. */
  readonly uid?: number | null;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: number | null;
  /** The limit that ended it. */
  readonly limit: 'wall' | 'memory' | null;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Largest resident memory, in millions of bytes. */
  readonly peakMb: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Its output so far. */
  readonly output: { stdout: string; stderr: string };
}

/** One line of JSON on standard output. */
export interface RunRecord {
  readonly id: string;
  readonly run: string;
  readonly event: string;
  readonly level: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The parts of a `--report` file that rows inspect. */
export interface Report {
  readonly exitCode: number;
  readonly outcome: {
    readonly findings: readonly { readonly rule: string; readonly path: string; readonly count: number }[];
    readonly findingCount: Readonly<Record<string, number>>;
    readonly coverage: {
      readonly files: number;
      readonly unexamined?: Readonly<Record<string, number>>;
      readonly skipped?: Readonly<Record<string, number>>;
    };
  };
}

const launched = new Set<ChildProcess>();

/** Kills running processes: when a row does not end, or the test itself is ended. */
export function killAll(): void {
  for (const child of launched) child.kill('SIGTERM');
}

/** One run of one row. */
export class Trial {
  readonly identity: Identity;
  readonly isShort: boolean;
  readonly executable: string;
  /** Readable by everybody, owned by root or by the row's user. */
  readonly folder: string;
  readonly figures: string[] = [];
  readonly failures: string[] = [];
  tries = 0;
  #isEnded = false;
  /** Cleanup actions for the end of the row, last first. */
  readonly #cleanups: (() => Promise<void> | void)[] = [];

  constructor(executable: string, identity: Identity, isShort: boolean) {
    this.executable = executable;
    this.identity = identity;
    this.isShort = isShort;
    this.folder = mkdtempSync(join(tmpdir(), 'torture-'));
    chmodSync(this.folder, 0o755);
  }

  /** The user id that the executable runs with, or null when it is this process's own. */
  get uid(): number | null {
    return isRoot && this.identity === 'user' ? USER_ID : null;
  }

  /** Counts one try; it failed unless `isHeld`. */
  check(isHeld: boolean, failure: string): void {
    this.tries += 1;
    if (!isHeld) this.failures.push(failure);
  }

  measure(figure: string): void {
    this.figures.push(figure);
  }

  /** A path in the row's folder. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Creates a folder owned by the row's user, or by `owner`. */
  makeFolder(name: string, { owner, mode = 0o755 }: { owner?: number; mode?: number } = {}): string {
    const folder = this.path(name);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
    const id = owner ?? this.uid;
    if (isRoot && id !== null) chownSync(folder, id, id);
    return folder;
  }

  /** A fresh state directory. */
  makeState(name = 'state'): string {
    return this.makeFolder(name, { mode: 0o700 });
  }

  /** A copy of a state directory, which belongs to the user of the trial. */
  copyState(from: string, name: string): string {
    const state = this.makeState(name);
    for (const file of readdirSync(from)) {
      copyFileSync(join(from, file), join(state, file));
      const { atime, mtime, mode } = statSync(join(from, file));
      chmodSync(join(state, file), mode & 0o7777);
      utimesSync(join(state, file), atime, mtime);
      if (isRoot && this.uid !== null) chownSync(join(state, file), this.uid, this.uid);
    }
    return state;
  }

  /** Writes a file with the folders above it. @param owner its owner, when the test runs as root */
  write(name: string, content: string | Buffer, owner?: number): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (isRoot && owner !== undefined) chownSync(path, owner, owner);
    return path;
  }

  cleanUp(action: () => Promise<void> | void): void {
    this.#cleanups.push(action);
  }

  /** Undoes the row's changes to the machine, even if some of that fails. @throws AggregateError at the end */
  async end(): Promise<void> {
    this.#isEnded = true;
    const errors: unknown[] = [];
    for (const action of this.#cleanups.toReversed()) {
      try {
        await action();
      } catch (error) {
        errors.push(error);
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('; '));
  }

  /** Runs the executable with these arguments and waits for its end. */
  async scan(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return await (
      await this.start(args, options)
    ).ended;
  }

  /** Starts the executable. */
  async start(args: readonly string[], options: RunOptions = {}): Promise<Running> {
    // An abandoned row continues until its next run.
    if (this.#isEnded) throw new Error('the row has ended');
    const argv = [...(options.prefix ?? []), this.executable, ...args];
    return await launch(argv, this.folder, { uid: this.uid, ...options });
  }

  /** Reads a report; undefined when it is missing or not JSON. */
  readReport(path: string): Report | undefined {
    try {
      const report: Report = JSON.parse(readFileSync(path, 'utf8'));
      return report;
    } catch {
      return undefined;
    }
  }
}

/** Starts a program under launch.py. */
export async function launch(
  argv: readonly string[],
  folder: string,
  {
    stdout = 'inherit',
    stderr = 'inherit',
    env = {},
    cwd = folder,
    wall = WALL_LIMIT,
    uid = null,
  }: RunOptions = {},
): Promise<Running> {
  const spec = {
    argv,
    cwd,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, ...env },
    uid,
    stdout,
    stderr,
    wall,
    memory: MEMORY_GUARD,
  };
  const child = spawn('python3', [join(import.meta.dirname, 'launch.py'), JSON.stringify(spec)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  launched.add(child);
  const output = { stdout: '', stderr: '' };
  const collect = (stream: Readable, name: 'stdout' | 'stderr') => {
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (output[name].length < OUTPUT_LIMIT) output[name] += text;
    });
  };
  const [, out, err, reports] = child.stdio;
  if (!(out instanceof Readable && err instanceof Readable && reports instanceof Readable)) {
    throw new TypeError('launch.py has no pipes');
  }
  collect(out, 'stdout');
  collect(err, 'stderr');
  const lines = createInterface({ input: reports })[Symbol.asyncIterator]();
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  const first = await lines.next();
  if (first.done === true) throw new Error(`launch.py failed: ${output.stderr}`);
  const { pid }: { pid: number } = JSON.parse(first.value);
  const ended = (async () => {
    const last = await lines.next();
    await closed;
    launched.delete(child);
    if (last.done === true) throw new Error(`launch.py was ended: ${output.stderr}`);
    const how: Omit<Ended, 'stdout' | 'stderr'> = JSON.parse(last.value);
    return { ...how, ...output };
  })();
  // A caller that awaits the end gets the failure; until then it must not be an unhandled one.
  ended.catch(() => undefined);
  return { pid, ended, output };
}

/** The records among the lines of an output. */
export function recordsIn(text: string): RunRecord[] {
  const records: RunRecord[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    try {
      const record: RunRecord = JSON.parse(line);
      records.push(record);
    } catch {
      // A line that was truncated by the end of the process.
    }
  }
  return records;
}

/** The paths of announced findings, in order. */
export function announced(text: string): string[] {
  return recordsIn(text)
    .filter(({ event }) => event === 'scan.finding' || event === 'scan.finding-low')
    .map(({ data }) => String(data['path']));
}

/** `exit 70`, `signal 9 (memory)` for messages. */
export function howEnded({ code, signal, limit }: Ended): string {
  if (limit !== null) return `killed at the limit on ${limit}`;
  return code === null ? `ended by signal ${signal}` : `exit ${code}`;
}

/**
 * The first character that a terminal or a log reader may interpret or reorder by; undefined when there is none.
 * Tabs and line breaks are fine.
 */
export function firstControl(text: string): string | undefined {
  return /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.exec(text.replaceAll(/[\t\n]/g, ' '))?.[0];
}

/** Whether a program is on this machine's PATH. */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}
