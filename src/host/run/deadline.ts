/**
 * The end of a run: at a signal, at `--max-duration`, or after an uncaught error. From then on, the work has a little time to end by
 * itself; after that, nothing is waited for.
 */
import { TaskError } from '../exit/task-error.ts';

/** Milliseconds that a run may take to end by itself. */
const ENDING_MS = 700;
/** Milliseconds that such a run may look for proof of delivery; the rest of the time is for its last records. */
const PROOF_MS = 200;

export interface DeadlineOptions {
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Milliseconds from now. */
  readonly maxDuration: number;
  /** Resolves with an uncaught error. */
  readonly crash: Promise<unknown> | undefined;
}

export class Deadline {
  /** Aborted at `--max-duration`. */
  readonly outOfTime: AbortSignal;
  /** Aborted when the run must end, by a signal or at `--max-duration`. */
  readonly ending: AbortSignal;
  /** Aborted when the work must end: as `ending`, and after an uncaught error. */
  readonly workEnds: AbortSignal;
  readonly #crash: Promise<unknown> | undefined;
  readonly #crashed = new AbortController();
  readonly #limit = new AbortController();
  readonly #noProof = new AbortController();

  constructor({ signal, maxDuration, crash }: DeadlineOptions) {
    this.#crash = crash;
    this.outOfTime = AbortSignal.timeout(maxDuration);
    this.ending = AbortSignal.any([signal, this.outOfTime]);
    this.workEnds = AbortSignal.any([this.ending, this.#crashed.signal]);
    abortAfter(this.ending, this.#limit, ENDING_MS);
    abortAfter(this.workEnds, this.#noProof, PROOF_MS);
  }

  /** Aborted some time after `workEnds`: proof of delivery is not waited for any longer. */
  get proofEnds(): AbortSignal {
    return this.#noProof.signal;
  }

  /** Aborted some time after `ending`: nothing is waited for any longer. */
  get limit(): AbortSignal {
    return this.#limit.signal;
  }

  /** The result of the work. Rejects with an uncaught error. */
  async orCrash<Result>(work: Promise<Result>): Promise<Result> {
    if (this.#crash === undefined) return work;
    const crashed = this.#crash.then((error) => {
      this.#crashed.abort();
      throw error;
    });
    return Promise.race([work, crashed]);
  }

  /** The result of the work. Rejects when the work has not ended by the limit. */
  async orLimit<Result>(work: Promise<Result>): Promise<Result> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const onLimit = () => reject(new TaskError('internal', 'the work did not finish in time'));
    this.limit.addEventListener('abort', onLimit, { once: true });
    try {
      return await Promise.race([work, late]);
    } finally {
      this.limit.removeEventListener('abort', onLimit);
    }
  }
}

/** Aborts the controller so many milliseconds after the signal. */
function abortAfter(signal: AbortSignal, controller: AbortController, milliseconds: number): void {
  const begin = () => void setTimeout(() => controller.abort(), milliseconds).unref();
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
}
