/**
 * Errors of a run. Each has a kind, which determines the exit code, and a cause. Messages are for people and name the input and
 * the remedy; no code depends on their text.
 */
import { getSystemErrorMap } from 'node:util';

/** The kind of a failure. `exit-table.ts` maps each kind to an exit code. */
export type ErrorKind =
  | 'usage'
  | 'config'
  | 'cannot-write'
  | 'busy'
  | 'agent-unreachable'
  | 'agent-refused'
  | 'agent-reply'
  | 'internal';

/** One of the host's kinds, or the name of a failure that the task declares in its `exitCodes`. */
export type AnyErrorKind = ErrorKind | (string & {});

/** A failure with a known kind. All other errors count as `internal`. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly kind: AnyErrorKind;

  constructor(kind: AnyErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The kind of a thrown value. Recognised by its name, because each part of an executable has its own copy of the class. */
export function errorKind(error: unknown): AnyErrorKind {
  return isTaskError(error) ? error.kind : 'internal';
}

function isTaskError(error: unknown): error is TaskError {
  return Error.isError(error) && error.name === 'TaskError' && 'kind' in error;
}

/** Causes that are followed: the limit ends circular ones. */
const MAX_CAUSES = 5;

/** One line for a record or a terminal: the messages of an error and of its causes, outermost first. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let current = error;
  for (let depth = 0; current !== undefined && depth < MAX_CAUSES; depth += 1) {
    const text = Error.isError(current) ? current.message || codeOf(current) : textOf(current);
    if (!parts.at(-1)?.includes(text)) parts.push(text);
    current = Error.isError(current) ? current.cause : undefined;
  }
  return parts.join(': ').replaceAll(/\s+/g, ' ');
}

/**
 * The system's reason for an error (`no such file or directory`), without the path: the caller names the path that it was given,
 * which may differ from the one that was opened. Other errors are described like `describeError` does.
 */
export function systemReason(error: unknown): string {
  const number = Error.isError(error) && 'errno' in error ? error.errno : undefined;
  const known = typeof number === 'number' ? getSystemErrorMap().get(number) : undefined;
  return known === undefined ? describeError(error) : `${known[1]} (${known[0]})`;
}

/** A thrown value as an error. */
export function asError(thrown: unknown): Error {
  return Error.isError(thrown) ? thrown : new Error(textOf(thrown));
}

/** A thrown value that is not an error, as text. */
function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? 'unknown');
}

/** The system's error code (`ENOENT`, `ECONNREFUSED` ...), or the error's name when it has none. */
export function codeOf(error: unknown): string {
  if (!Error.isError(error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
