/**
 * Errors of a run. Each carries a kind, which decides the exit code, and its cause.
 * No code reads a message's text; messages are for people, and name the input and the remedy.
 */

/** What went wrong, as far as the exit code is concerned. `exit-codes.ts` maps each kind to its code. */
export type ErrorKind =
  | 'usage'
  | 'config'
  | 'no-root'
  | 'cannot-write'
  | 'busy'
  | 'agent-unreachable'
  | 'agent-refused'
  | 'agent-reply'
  | 'internal';

/** A failure with a known kind. Everything else that is thrown counts as `internal`. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The kind of anything that was thrown. */
export function errorKind(error: unknown): ErrorKind {
  return error instanceof TaskError ? error.kind : 'internal';
}

/** One line for a record or a terminal: the messages of an error and of its causes, outermost first. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current !== undefined && parts.length < 5;) {
    const text = current instanceof Error ? current.message || codeOf(current) : String(current);
    if (text !== '' && !parts.at(-1)?.includes(text)) parts.push(text);
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(': ').replaceAll(/\s+/g, ' ');
}

/** The system's error code (`ENOENT`, `ECONNREFUSED` ...), or the error's name when it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
