/** The shape of a log record. */

/** The level names of agent logs, least severe first (KEPM documentation, "Plugin and task settings"). */
export const levels = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'] as const;
export type Level = (typeof levels)[number];

/** True when `level` is at least as severe as `minimum`. */
export function atLeast(level: Level, minimum: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(minimum);
}

/** A field's value: a JSON scalar, or a flat object of counts. */
export type FieldValue = string | number | boolean | null | Readonly<Record<string, number>>;
export type Fields = Readonly<Record<string, FieldValue>>;

/** One record. `event` is a stable id to search and count by; `message` is for people and repeats the fields. */
export interface LogRecord {
  /** Unique; a record that is sent twice has the same id. */
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly timestamp: string;
  readonly level: Level;
  readonly event: string;
  readonly message: string;
  readonly fields: Fields;
}

/** A kind of record: its id, its level and its static text. Each module has a table of its own. */
export interface LogEvent {
  readonly id: string;
  readonly level: Level;
  /** The level to use instead if there is something to act on. */
  readonly raised?: Level;
  readonly text: string;
  /** A dry run shows it to the person in another way, such as in the text report: it need not appear as a warning too. */
  readonly isShownElsewhere?: boolean;
}
