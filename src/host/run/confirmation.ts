/**
 * Gathers the evidence whether the agent accepts what this run publishes: the broker's answer on the probe topic, and the agent's log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AgentFacts,
  type ProbeAnswer,
  type PublishedSample,
  type Verdict,
  factIn,
  verdictOf,
} from '../delivery/index.ts';
import type { AgentLog } from '../installation/index.ts';
import { type Level, type LogRecord, levels } from '../log/index.ts';

/** Milliseconds that a published record may take to appear in the log, and between two looks. */
const LOG_WAIT_MS = 3000;
const LOOK_INTERVAL_MS = 100;
/** Records that are looked for: the most recent ones. */
const MAX_SOUGHT = 32;
/** Characters of the shortest message that identifies a record by itself. */
const MIN_MESSAGE = 24;

export interface ConfirmationOptions {
  /** Asks the broker; undefined if it cannot be asked, or does not answer. */
  readonly probe: () => Promise<ProbeAnswer | undefined>;
  /** Undefined if this process cannot read it. */
  readonly log: AgentLog | undefined;
  /** The agent's `system.logging.level`, as it was sent; undefined if it is not known. */
  readonly minimumLevel: string | undefined;
  /** The agent has said where its log is. */
  readonly isLogPlaceKnown: boolean;
  /** Ends the waits when it aborts. */
  readonly limit: AbortSignal;
}

export class Confirmation {
  readonly #options: ConfirmationOptions;
  readonly #minimum: Level | undefined;
  #facts: AgentFacts | undefined;
  /** One of this run's records is in the log. */
  #isInLog = false;

  constructor(options: ConfirmationOptions) {
    this.#options = options;
    this.#minimum = minimumOf(options.minimumLevel);
  }

  /** From here on, what is found out is remembered, and what earlier runs have found out is used. */
  persistTo(facts: AgentFacts): void {
    this.#facts = facts;
  }

  /**
   * Decides whether records have arrived.
   * @param sample some of those that were acknowledged in this run
   * @param isConnected if not, the broker is not asked, and the log is looked at once
   */
  async verdict(sample: PublishedSample, isConnected = true): Promise<Verdict> {
    const { probe, log, isLogPlaceKnown, minimumLevel } = this.#options;
    const answer = isConnected ? await probe() : undefined;
    const patience = isConnected ? LOG_WAIT_MS : 0;
    const expected = this.#expected(sample);
    if (log !== undefined && expected.length > 0 && !this.#isInLog) {
      this.#isInLog = await this.#look(log, expected, patience);
    }
    const missing = log === undefined || expected.length === 0 ? undefined : 'missing';
    const evidence = {
      probe: answer,
      log: this.#isInLog ? 'found' : missing,
      isLogKnown: isLogPlaceKnown && minimumLevel !== undefined,
    } as const;
    const fact = factIn(evidence);
    const verdict = verdictOf(evidence, this.#facts?.probe);
    if (fact !== undefined) this.#facts?.setProbe(fact);
    return verdict;
  }

  /** True if a record that must be in the log would decide, and there is none. */
  isUndecided({ kind }: Verdict, sample: PublishedSample): boolean {
    return kind === 'suspicious' && this.#options.log !== undefined && this.#expected(sample).length === 0;
  }

  #expected(sample: PublishedSample): LogRecord[] {
    return this.#minimum === undefined ? [] : sample.from(this.#minimum);
  }

  async #look(log: AgentLog, records: readonly LogRecord[], patience: number): Promise<boolean> {
    const texts = records.slice(-MAX_SOUGHT).flatMap(marksOf);
    const { limit } = this.#options;
    const end = performance.now() + patience;
    for (;;) {
      if (log.hasNew(texts)) return true;
      if (limit.aborted || performance.now() >= end) return false;
      await sleep(LOOK_INTERVAL_MS, undefined, { signal: limit }).catch(() => undefined);
    }
  }
}

/** What identifies a record in the log: its id, and its message in case the agent drops the id, as it is and as JSON. */
function marksOf({ id, message }: LogRecord): string[] {
  return message.length < MIN_MESSAGE ? [id] : [id, message, JSON.stringify(message).slice(1, -1)];
}

/** The level from which records must be in the log. Undefined for a name that is not known: then none must. */
function minimumOf(name: string | undefined): Level | undefined {
  if (name === undefined) return 'Warning';
  return levels.find((level) => level.toLowerCase() === name.toLowerCase());
}
