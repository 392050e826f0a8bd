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
import type { Publisher, Transport, Verdict } from '../delivery/index.ts';
import type { AgentEvidence } from './agent-evidence.ts';

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
  readonly confirmedBy: ConfirmedBy;
}

/** What shows that the records of a run have arrived. */
export type ConfirmedBy = 'log' | 'subscription' | 'probe' | 'output' | 'none';

export class RunDelivery {
  readonly #options: RunDeliveryOptions;
  /** Undefined in a dry run. */
  #publisher: Publisher | undefined;
  #transport: Transport | undefined;
  /** Undefined without an agent. */
  #evidence: AgentEvidence | undefined;
  #verdict: Verdict | undefined;
  #isChecking = false;

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
      onBacklog: () => void this.#confirmBacklog(),
    });
    logger.attach(this.#publisher);
    if (standalone) this.#transport = jsonLines(stdout);
    else if (jobId !== undefined) this.#transport = await this.#connectToAgent(jobId);
  }

  async #connectToAgent(jobId: string): Promise<Transport | undefined> {
    const { config, source, platform, logger, readInput, deadline, onFailure } = this.#options;
    const { agentEvents, connectToAgent } = await import('../agent/index.ts');
    const { LOG_TOPIC } = await import('../delivery/index.ts');
    try {
      const link = await connectToAgent({
        ...config,
        jobId,
        program: source,
        os: platform.os,
        host: platform.hostname,
        pid: platform.pid,
        readInput,
        log: logger.log,
        watchedTopic: config.confirmSubscription ? LOG_TOPIC : undefined,
        signal: deadline.ending,
      });
      const { agentEvidence } = await import('./agent-evidence.ts');
      const { proofEnds: end } = deadline;
      this.#evidence = await agentEvidence({ link, config, jobId, os: platform.os, end });
      return link.connection;
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
    const { config, logger, platform, onStateFailure } = this.#options;
    const { AgentFacts, Spool, deliveryEvents } = await import('../delivery/index.ts');
    try {
      const { confirmation, linkIdentity: link = '' } = this.#evidence ?? {};
      const spool = new Spool(store, { link, now: () => platform.clock.now() });
      confirmation?.persistTo(new AgentFacts(store));
      if (config.retell) spool.published.sendEarlierAgain();
      else spool.published.sendDueAgain(config.remindUnconfirmed);
      this.#publisher?.persistTo(spool);
      store.transaction(() => {
        const count = spool.takeLosses();
        if (count > 0) logger.log(deliveryEvents.lost, { count });
      });
    } catch (error) {
      onStateFailure(asStateFailure('the state database', store.path, error));
    }
  }

  /**
   * Finds out whether what was published so far has arrived. With the first proof, what earlier runs have published without one is sent
   * again: it may have been lost.
   * @returns the proof, and names of the exits that apply
   */
  async confirm(): Promise<{ readonly by: ConfirmedBy; readonly exits: readonly string[] }> {
    const publisher = this.#publisher;
    if (publisher === undefined || this.#transport === undefined) return { by: 'none', exits: [] };
    if (this.#transport.isProof === true) return { by: 'output', exits: [] };
    const isAcknowledged = await publisher.flush();
    let verdict = await this.#decide(publisher, isAcknowledged);
    if (verdict?.kind === 'confirmed' && !publisher.isUnheard) {
      publisher.confirm();
      // The earlier ones may have to be in the log even if none of this run's has to.
      if (publisher.sendEarlierAgain() > 0) verdict = await this.#decide(publisher, await publisher.flush());
    }
    this.#verdict = verdict;
    const exits = [
      ...(publisher.denied > 0 || verdict?.kind === 'denied' ? ['refused'] : []),
      ...(publisher.isUnheard || (!isAcknowledged && verdict?.kind !== 'denied') ? ['unreachable'] : []),
      ...(verdict?.kind === 'suspicious' ? ['unconfirmed'] : []),
    ];
    const by = verdict?.kind === 'confirmed' && !publisher.isUnheard ? verdict.by : 'none';
    return { by, exits };
  }

  /**
   * If nothing that was published must be in the agent's log, records of earlier runs that lack a proof are sent again for it. If that
   * does not help either, a record is sent that serves only this purpose.
   * @param isConnected false if acknowledgements are missing
   */
  async #decide(publisher: Publisher, isConnected: boolean): Promise<Verdict | undefined> {
    const confirmation = this.#evidence?.confirmation;
    const { acknowledged } = publisher;
    if (confirmation === undefined) return undefined;
    let verdict = await confirmation.verdict(acknowledged, isConnected);
    const hasUnconfirmed = publisher.unconfirmed > 0;
    const isUndecided = () => confirmation.isUndecided(verdict, acknowledged, hasUnconfirmed);
    if (isUndecided() && publisher.sendEarlierAgain() > 0) {
      verdict = await confirmation.verdict(acknowledged, await publisher.flush());
    }
    if (!isUndecided()) return verdict;
    this.#options.logger.log((await import('../delivery/index.ts')).deliveryEvents.check);
    return await confirmation.verdict(acknowledged, await publisher.flush());
  }

  /** Makes room in the middle of a run that publishes much. */
  async #confirmBacklog(): Promise<void> {
    const publisher = this.#publisher;
    if (publisher === undefined || this.#isChecking) return;
    this.#isChecking = true;
    const verdict = await this.#evidence?.confirmation.verdict(publisher.acknowledged);
    this.#isChecking = false;
    if (verdict?.kind === 'confirmed') publisher.confirm();
  }

  /**
   * Publishes the end, waits for the acknowledgements and closes the connection.
   * @returns names of the exits that apply because of undelivered records
   */
  async flushAndDisconnect({ code, seconds, summary, confirmedBy }: RunEnd): Promise<readonly string[]> {
    const publisher = this.#publisher;
    if (publisher === undefined) return [];
    const { config, exits: table, source, stderr, onStateFailure, show, redact } = this.#options;
    const { eventTopic, standalone } = config;
    if (eventTopic !== undefined && !standalone) {
      const message = { ...summary, event: 'run.ended', source, code, seconds, confirmedBy };
      const redacted = (_: string, value: unknown) => (typeof value === 'string' ? redact(value) : value);
      publisher.publish(eventTopic, JSON.stringify(message, redacted));
    }
    await publisher.close();
    const verdict = this.#verdict;
    if (verdict?.kind === 'confirmed') publisher.confirm();
    else if (verdict?.kind === 'denied') publisher.withdraw();
    else if (verdict?.kind !== 'suspicious') publisher.keepImportant();
    const delivery = publisher.result();
    const { storeFailure } = delivery;
    if (storeFailure !== undefined)
      onStateFailure(cannotWrite('the state database', 'state.db', storeFailure));
    const { deliveryOutcome } = await import('./delivery-outcome.ts');
    const { exits, line, isListed } = deliveryOutcome({ delivery, verdict, exits: table, source, show });
    if (line !== undefined) stderr.write(`${source}: ${line}\n`);
    if (isListed) for (const text of delivery.important) stderr.write(`${text}\n`);
    return exits;
  }
}
