import type { AcknowledgingWriter } from '../delivery/index.ts';
import type { LineWriter } from '../log/index.ts';
import type { Platform } from '../platform/index.ts';

/** What a run prints on. `StandardStream` is one. */
export type Printer = LineWriter & {
  /**
   * Waits until the reader has taken everything.
   * @param patience milliseconds that it may take nothing
   */
  flush?(patience: number, limit?: AbortSignal): Promise<unknown>;
};

/** What a run is given from outside. */
export interface RunSurroundings {
  readonly version: string;
  readonly platform: Platform;
  readonly stdout: Printer & AcknowledgingWriter & { readonly isTTY?: boolean };
  readonly stderr: Printer;
  /** Aborted with the signal's name, `SIGINT` or `SIGTERM`, as its reason. */
  readonly signal: AbortSignal;
  /** Resolves with an error that nothing has caught. The run reports it, and ends. */
  readonly crash?: Promise<unknown>;
}
