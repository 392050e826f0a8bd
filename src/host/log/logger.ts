/**
 * The logger turns an event and its fields into a record and passes it to every sink. Records that are logged before a sink is
 * attached are kept for it, so none is lost.
 */
import { randomUUID } from 'node:crypto';
import { printable } from './printable.ts';
import type { Redact } from './redactor.ts';
import {
  type Fields,
  type FieldValue,
  type Level,
  type LogEvent,
  type LogRecord,
  atLeast,
} from './record.ts';

/** Where records go. `write` must not throw and must not block. */
export interface Sink {
  write(record: LogRecord): void;
  /**
   * Takes a record that must never be dropped, in place of `write`. A sink without this method takes every one.
   * @param owner whose share of a bounded queue it uses
   * @returns false when there is no room for it; nothing was written then
   */
  offer?(record: LogRecord, owner: string): boolean;
}

/** Logs one event. The interface to logging for all other modules. */
export type Log = (event: LogEvent, fields?: Fields) => void;

/**
 * Logs an event whose record must never be dropped once it is accepted.
 * @param owner the user whose files the event is about: a flood by one owner leaves room for the others
 * @returns false when there is no room at the moment: nothing was logged, and the caller must try again later
 */
export type Announce = (event: LogEvent, fields: Fields, owner: string) => boolean;

/** How many records are kept for sinks that are attached late. */
const EARLY_LIMIT = 1000;

export interface LoggerOptions {
  readonly clock: { now(): number };
  /** Events below this level are ignored. */
  readonly minimum: Level;
  /** Applied to every string of every record before any sink sees it. */
  readonly redact: Redact;
}

/** The sinks of one run behind one `log` function; every record is redacted when it is made. */
export class Logger {
  readonly #options: LoggerOptions;
  readonly #sinks: Sink[] = [];
  #early: LogRecord[] | undefined = [];

  constructor(options: LoggerOptions) {
    this.#options = options;
  }

  readonly log: Log = (event, fields = {}) => {
    if (!atLeast(event.level, this.#options.minimum)) return;
    const record = this.#record(event, fields);
    if (this.#early && this.#early.length < EARLY_LIMIT) this.#early.push(record);
    for (const sink of this.#sinks) sink.write(record);
  };

  readonly announce: Announce = (event, fields, owner) => {
    // The administrator has filtered this level out: that is not a failure.
    if (!atLeast(event.level, this.#options.minimum)) return true;
    const record = this.#record(event, fields);
    if (this.#sinks.some((sink) => sink.offer?.(record, owner) === false)) return false;
    if (this.#early && this.#early.length < EARLY_LIMIT) this.#early.push(record);
    for (const sink of this.#sinks) if (sink.offer === undefined) sink.write(record);
    return true;
  };

  /** Adds a sink, which receives all records so far. */
  attach(sink: Sink): void {
    for (const record of this.#early ?? []) sink.write(record);
    this.#sinks.push(sink);
  }

  /** No further sink will be attached: the early records are discarded. */
  seal(): void {
    this.#early = undefined;
  }

  #record(event: LogEvent, fields: Fields): LogRecord {
    const { clock, redact } = this.#options;
    const clean = redactFields(fields, redact);
    return {
      id: randomUUID(),
      timestamp: new Date(clock.now()).toISOString(),
      level: event.level,
      event: event.id,
      message: messageOf(event.text, clean),
      fields: clean,
    };
  }
}

/** The same fields, with every string redacted. */
export function redactFields(fields: Fields, redact: Redact): Fields {
  const clean: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    clean[name] = typeof value === 'string' ? redact(value) : value;
  }
  return clean;
}

/** The static text, then the fields: unknown fields may be dropped on the way, so the message carries them too. */
function messageOf(text: string, fields: Fields): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${show(value)}`);
  return parts.length === 0 ? text : `${text}: ${parts.join(' ')}`;
}

/**
 * A field's value as one word: JSON if it contains a space or a quote, and without characters that control a terminal or the
 * direction of text, because unknown programs display the message.
 */
function show(value: FieldValue): string {
  if (typeof value === 'object' && value !== null) {
    return (
      Object.entries(value)
        .map(([name, count]) => `${printable(name)}:${count}`)
        .join(',') || 'none'
    );
  }
  const text = String(value);
  const shown = printable(text);
  return shown === text && /^[^\s"]+$/.test(text) ? text : printable(JSON.stringify(text));
}
