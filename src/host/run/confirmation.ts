/**
 * Gathers the evidence whether the agent accepts what this run publishes: the broker's answer on the probe topic, the agent's log, and
 * records that come back through a subscription.
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
import { type Level, type LogRecord, atLeast, levels } from '../log/index.ts';

/** Milliseconds that a published record may take to appear in the log or to come back, and between two looks. */
const LONGEST_WAIT_MS = 3000;
const LOOK_INTERVAL_MS = 100;
/** Records that are looked for: the most recent ones. */
const MAX_SOUGHT = 32;
/** Characters of the shortest message that identifies a record by itself. */
const MIN_MESSAGE = 24;

export interface ConfirmationOptions {
  /** Asks the broker; undefined if it cannot be asked, or does not answer. */
  readonly probe: () => Promise<ProbeAnswer | undefined>;
  /** The connection to the broker, and what came back through its subscription to the topic of the log, if it has one. */
  readonly connection: {
    readonly connections: number;
    readonly isWatching: boolean;
    readonly hasReturned: boolean;
  };
  /** Undefined if this process cannot read it. */
  readonly log: AgentLog | undefined;
  /** The agent's `system.logging.level`, as it was sent; undefined if it is not known. */
  readonly minimumLevel: string | undefined;
  /** Whether the job declares the topic of the log; undefined if that is not known. */
  readonly isTopicDeclared: boolean | undefined;
  /** Ends the waits when it aborts. */
  readonly end: AbortSignal;
}

export class Confirmation {
  readonly #options: ConfirmationOptions;
  readonly #minimum: Level | undefined;
  #facts: AgentFacts | undefined;
  /** The connection that the evidence is about: after a restart, the agent may no longer recognise this process. */
  #connection = 0;
  /** A record that was published on this connection is in the log. */
  #isInLog = false;
  /** Ids of records of earlier connections that are in the log. */
  readonly #inLogBefore = new Set<string>();

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
   * @param sample some of those that were acknowledged
   * @param isConnected if not, the broker is not asked, and nothing is waited for
   */
  async verdict(sample: PublishedSample, isConnected = true): Promise<Verdict> {
    const { probe, log, connection, isTopicDeclared, minimumLevel, end } = this.#options;
    const answer = isConnected ? await probe() : undefined;
    if (connection.connections !== this.#connection) this.#isInLog = false;
    this.#connection = connection.connections;
    const expected = this.#expected(sample);
    const before = sample.before(connection.connections);
    const expectedBefore = before.filter(({ level }) => this.#mustBeInLog(level));
    const mustBeInLog = log !== undefined && expected.length + expectedBefore.length > 0;
    if (mustBeInLog || connection.isWatching) {
      await this.#look(expected, expectedBefore, isConnected ? LONGEST_WAIT_MS : 0);
    }
    // If there was no time to wait, a record that is not there yet proves nothing.
    const missing = mustBeInLog && isConnected && !end.aborted ? 'missing' : undefined;
    // What is seen of this connection says nothing about records of an earlier one: only the log does.
    const isProvenBefore = before.every(({ id }) => this.#inLogBefore.has(id));
    const isInLog = this.#isInLog || (expected.length === 0 && before.length > 0);
    const evidence = {
      probe: isProvenBefore || answer !== 'recognised' ? answer : undefined,
      log: isInLog && isProvenBefore ? 'found' : missing,
      hasReturned: connection.hasReturned && isProvenBefore,
      isTopicDeclared,
      isLevelKnown: minimumLevel !== undefined,
    } as const;
    const fact = factIn({ ...evidence, probe: answer });
    const verdict = verdictOf(evidence, this.#facts?.probe);
    if (fact !== undefined) this.#facts?.setProbe(fact);
    return verdict;
  }

  /**
   * True if another record would decide, because it must be in the log, and none of this run's must.
   * @param hasUnconfirmed there are published records without proof
   */
  isUndecided({ kind }: Verdict, sample: PublishedSample, hasUnconfirmed: boolean): boolean {
    const isOpen = kind === 'suspicious' || (kind === 'unknown' && hasUnconfirmed);
    return isOpen && this.#options.log !== undefined && this.#expected(sample).length === 0;
  }

  #expected(sample: PublishedSample): LogRecord[] {
    if (this.#minimum === undefined) return [];
    return sample.from(this.#minimum, this.#options.connection.connections);
  }

  #mustBeInLog(level: Level): boolean {
    return this.#minimum !== undefined && atLeast(level, this.#minimum);
  }

  /**
   * Looks in the log and for what has come back, until there is something.
   * @param before records of earlier connections, each of which must be found
   * @param patience milliseconds
   */
  async #look(records: readonly LogRecord[], before: readonly LogRecord[], patience: number): Promise<void> {
    // After a reconnection, earlier ones may have been sent on both connections, and have arrived through the first one.
    const sought = this.#connection > 1 ? records.slice(-1) : records.slice(-MAX_SOUGHT);
    const texts = sought.flatMap(marksOf);
    const { end, log, connection } = this.#options;
    const latest = performance.now() + patience;
    for (;;) {
      const left = before.filter(({ id }) => !this.#inLogBefore.has(id));
      const [isInLog = false, ...areInLog] = log?.haveNew([texts, ...left.map(marksOf)]) ?? [];
      this.#isInLog ||= isInLog;
      for (const [index, { id }] of left.entries()) if (areInLog[index] === true) this.#inLogBefore.add(id);
      const isSeen =
        this.#isInLog || connection.hasReturned || (texts.length === 0 && !connection.isWatching);
      if (isSeen && areInLog.every(Boolean)) return;
      if (end.aborted || performance.now() >= latest) return;
      await sleep(LOOK_INTERVAL_MS, undefined, { signal: end }).catch(() => undefined);
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
