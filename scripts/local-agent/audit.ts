/**
 * Lists of what the agent refused or dropped and, separately, of unexpected things that it accepted: the first place to look when records
 * vanish. KEPM itself denies silently (documentation, "Job and plugin MQTT topic permissions"); these lists are an addition of this
 * agent.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { History } from './history.ts';

/** The subject of an entry. */
export type AuditKind =
  | 'connection-refused'
  | 'publish-denied'
  | 'subscribe-denied'
  | 'session'
  | 'payload'
  | 'call-refused'
  | 'job'
  | 'task'
  | 'log-file';

export interface AuditEntry {
  readonly at: string;
  readonly kind: AuditKind;
  /** One sentence for people. */
  readonly reason: string;
  readonly jobId?: string;
  readonly clientId?: string;
  readonly pid?: number;
  readonly topic?: string;
  /** `GET /api/...` */
  readonly call?: string;
}

export interface AuditOptions {
  /** JSON Lines, one per entry. */
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
    // Created at the start, so that it can be followed.
    appendFileSync(options.file, '');
  }

  get file(): string {
    return this.#options.file;
  }

  /** Operations that were denied, connections and calls that were refused, lines that were lost. */
  get entries(): readonly AuditEntry[] {
    return this.#refused.items;
  }

  /** Unexpected things that were accepted. */
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
