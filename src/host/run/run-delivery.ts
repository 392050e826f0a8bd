/**
 * Delivers a run's records to the agent or to standard output. Records that do not arrive are kept for the next run; important ones
 * are also written to standard error, which the agent captures.
 */
import { randomUUID } from 'node:crypto';
import { errorKind } from '../exit/task-error.ts';
import type { ExitTable } from '../exit/exit-table.ts';
import type { AcknowledgingWriter, Fields, LineWriter, LogEvent, Logger } from '../log/index.ts';
import { type Platform, type ReadInput, type Store, asStateFailure, cannotWrite } from '../platform/index.ts';
import type { Deadline } from './deadline.ts';
import type { CoreOptions } from '../config/index.ts';
import type { Publisher, Transport } from '../delivery/index.ts';

/** Undelivered records that are written to standard error, at most. */
const MAX_FALLBACK_LINES = 200;

export interface RunDeliveryOptions {
  /** The task's name. */
  readonly source: string;
  readonly config: Readonly<CoreOptions>;
  readonly exits: ExitTable;
  readonly platform: Platform;
  readonly stdout: AcknowledgingWriter;
  readonly stderr: LineWriter;
  readonly logger: Logger;
  readonly readInput: ReadInput;
  readonly deadline: Deadline;
  /** Renders an error for standard error. */
  readonly show: (error: unknown) => string;
  readonly redact: (text: string) => string;
  readonly onFailure: (event: LogEvent, error: unknown) => void;
  readonly onStateFailure: (error: unknown) => void;
}

/** How the run ended, for `--event-topic`. */
export interface RunEnd {
  readonly code: number;
  readonly seconds: number;
  /** The task's summary; empty if its work did not complete. */
  readonly summary: Fields;
}

export class RunDelivery {
  readonly #options: RunDeliveryOptions;
  /** Undefined in a dry run. */
  #publisher: Publisher | undefined;
  #transport: Transport | undefined;

  constructor(options: RunDeliveryOptions) {
    this.#options = options;
  }

  /**
   * Connects to the agent, or uses standard output instead. Records queue from here on. After a failure, the run continues, and the
   * exit code shows it.
   * @throws TaskError `config`
   */
  async connect(): Promise<void> {
    const { config, source, platform, stdout, logger, deadline } = this.#options;
    const { dryRun, standalone, jobId, agentTimeout } = config;
    if (dryRun) return;
    const { Publisher, jsonLines } = await import('../delivery/index.ts');
    this.#publisher = new Publisher({
      payload: {
        ...config.payload,
        source,
        context: {
          run: randomUUID(),
          ...(jobId !== undefined && { job: jobId }),
          host: platform.hostname,
        },
      },
      timeout: agentTimeout,
      limit: deadline.limit,
      maxListed: MAX_FALLBACK_LINES,
    });
    logger.attach(this.#publisher);
    if (standalone) this.#transport = jsonLines(stdout);
    else if (jobId !== undefined) this.#transport = await this.#connectToAgent(jobId);
  }

  async #connectToAgent(jobId: string): Promise<Transport | undefined> {
    const { config, source, platform, logger, readInput, deadline, onFailure } = this.#options;
    const { agentEvents, connectToAgent } = await import('../agent/index.ts');
    try {
      return await connectToAgent({
        ...config,
        jobId,
        program: source,
        os: platform.os,
        host: platform.hostname,
        pid: platform.pid,
        readInput,
        log: logger.log,
        signal: deadline.ending,
      });
    } catch (error) {
      if (errorKind(error) === 'config') throw error;
      onFailure(agentEvents.notReached, error);
      return undefined;
    }
  }

  /** Records leave from here on: not before it is known whether earlier runs have left any. May be called again. */
  begin(): void {
    if (this.#transport !== undefined) this.#publisher?.begin(this.#transport);
  }

  /** From here on, records outlive the process. What earlier runs had to drop is logged. */
  async persistTo(store: Store): Promise<void> {
    const { logger, onStateFailure } = this.#options;
    const { Spool, deliveryEvents } = await import('../delivery/index.ts');
    try {
      const spool = new Spool(store);
      this.#publisher?.persistTo(spool);
      store.transaction(() => {
        const count = spool.takeLosses();
        if (count > 0) logger.log(deliveryEvents.lost, { count });
      });
    } catch (error) {
      onStateFailure(asStateFailure('the store', store.path, error));
    }
  }

  /**
   * Publishes the end, waits for the acknowledgements and closes the connection.
   * @returns names of the exits that apply because of undelivered records
   */
  async flushAndDisconnect({ code, seconds, summary }: RunEnd): Promise<string[]> {
    const publisher = this.#publisher;
    if (publisher === undefined) return [];
    const { config, exits: table, source, stderr, onStateFailure, show, redact } = this.#options;
    const { eventTopic, standalone } = config;
    if (eventTopic !== undefined && !standalone) {
      const message = { ...summary, event: 'run.ended', source, code, seconds };
      const redacted = (_: string, value: unknown) => (typeof value === 'string' ? redact(value) : value);
      publisher.publish(eventTopic, JSON.stringify(message, redacted));
    }
    const { denied, kept, lost, important, storeFailure, brokenBy } = await publisher.close();
    if (storeFailure !== undefined) onStateFailure(cannotWrite('the store', 'state.db', storeFailure));
    const exits: string[] = denied > 0 ? ['refused'] : [];
    if (kept === 0 && lost === 0) return exits;
    exits.push('unreachable');
    const isKnown = errorKind(brokenBy) !== 'internal';
    if (isKnown) exits.push(table.exitFor(brokenBy));
    const reason = isKnown ? ` (${show(brokenBy)})` : '';
    stderr.write(
      `${source}: ${kept + lost} records were not acknowledged${reason}${fateOf(kept, lost)}; Warning and above:\n`,
    );
    for (const { payload } of important) stderr.write(`${payload}\n`);
    return exits;
  }
}

/** The fate of unacknowledged records, for the message. */
function fateOf(kept: number, lost: number): string {
  if (lost === 0) return ', and the next run will send them';
  if (kept === 0) return ', and all of them are lost';
  return `: the next run will send ${kept} of them, and ${lost} are lost`;
}
