/**
 * What the agent refused or dropped, and apart from it what it took although it is odd: the first thing to look at when
 * records vanish. KEPM itself denies silently (documentation, "Job and plugin MQTT topic permissions"); the lists are this
 * agent's own addition.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { History } from './history.ts';

/** What an entry is about. */
export type AuditKind =
  | 'connection-refused'
  | 'publish-denied'
  | 'subscribe-denied'
  | 'payload'
  | 'call-refused'
  | 'job'
  | 'task'
  | 'log-file';

export interface AuditEntry {
  readonly at: string;
  readonly kind: AuditKind;
  /** One sentence for a person. */
  readonly reason: string;
  readonly jobId?: string;
  readonly clientId?: string;
  readonly pid?: number;
  readonly topic?: string;
  /** `GET /api/...` */
  readonly call?: string;
}

export interface AuditOptions {
  /** JSON Lines, one an entry. */
  readonly file: string;
  readonly now: () => number;
  readonly limit: number;
  readonly onEntry?: ((entry: AuditEntry) => void) | undefined;
}

type Details = Omit<AuditEntry, 'at' | 'kind' | 'reason'>;

export class Audit {
  readonly #refused: History<AuditEntry>;
  readonly #odd: History<AuditEntry>;
  readonly #options: AuditOptions;

  constructor(options: AuditOptions) {
    this.#options = options;
    this.#refused = new History(options.limit, options.onEntry);
    this.#odd = new History(options.limit, options.onEntry);
    mkdirSync(dirname(options.file), { recursive: true });
    // There from the start, so that it can be followed.
    appendFileSync(options.file, '');
  }

  get file(): string {
    return this.#options.file;
  }

  /** Operations that were denied, connections and calls that were refused, lines that were lost. */
  get entries(): readonly AuditEntry[] {
    return this.#refused.items;
  }

  /** What was taken all the same. */
  get warnings(): readonly AuditEntry[] {
    return this.#odd.items;
  }

  add(kind: AuditKind, reason: string, details: Details = {}): void {
    this.#refused.add(this.#write(kind, reason, details));
  }

  warn(kind: AuditKind, reason: string, details: Details = {}): void {
    this.#odd.add(this.#write(kind, reason, details));
  }

  #write(kind: AuditKind, reason: string, details: Details): AuditEntry {
    const entry = { at: new Date(this.#options.now()).toISOString(), kind, reason, ...details };
    appendFileSync(this.#options.file, `${JSON.stringify(entry)}\n`);
    return entry;
  }
}
