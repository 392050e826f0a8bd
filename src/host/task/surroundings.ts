/** What a run or another command gets from its process. */
import type { AcknowledgingWriter, LineWriter } from '../log/index.ts';
import type { Platform } from '../platform/index.ts';

/** An output stream of a run, such as `StandardStream`. */
export type Printer = LineWriter & {
  /**
   * Waits until the reader has received everything.
   * @param patience milliseconds without progress after which the wait ends
   */
  flush?(patience: number, limit?: AbortSignal): Promise<unknown>;
  /** It is a terminal. */
  readonly isTTY?: boolean;
  /** The columns of the terminal, which change with its window; undefined for anything else. */
  readonly columns?: number | undefined;
};

/** The connections of a run, or of another command, to the outside. */
export interface Surroundings {
  readonly version: string;
  readonly platform: Platform;
  readonly stdout: Printer & AcknowledgingWriter;
  readonly stderr: Printer;
  /** Aborted with the signal's name, `SIGINT` or `SIGTERM`, as its reason. */
  readonly signal: AbortSignal;
  /** Resolves with an uncaught error. The run reports it and ends. */
  readonly crash?: Promise<unknown>;
}
