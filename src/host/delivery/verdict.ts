/**
 * Whether the records that a broker has acknowledged have arrived. An acknowledgement alone says nothing: an agent denies publications
 * silently if it does not recognise the client id or the job does not list the topic (KEPM documentation, "Job and plugin MQTT topic
 * permissions").
 */
import type { ProbeFact } from './agent-facts.ts';

/**
 * The broker's answer to a publication on a topic that the job declares and nobody subscribes to.
 * - `recognised`: it accepts this client and the topic, and reports that nobody subscribes.
 * - `denied`: it refuses them openly.
 * - `accepted`: it has acknowledged the publication, which may have been dropped.
 */
export type ProbeAnswer = 'recognised' | 'denied' | 'accepted';

/** What this run has seen. */
export interface Evidence {
  /** The broker's answer on the probe topic; undefined if it was not asked or gave no answer. */
  readonly probe: ProbeAnswer | undefined;
  /** Whether this run's records are in the agent's log; undefined if it cannot be read, or none of them must be there. */
  readonly log: 'found' | 'missing' | undefined;
  /** A record of this run has come back from the broker, as to any subscriber. */
  readonly hasReturned: boolean;
  /** Whether the job declares the topic of the log; undefined if its document cannot be read. */
  readonly isTopicDeclared: boolean | undefined;
  /** The agent has said which levels its log contains. */
  readonly isLevelKnown: boolean;
}

/**
 * - `confirmed`: they have arrived.
 * - `denied`: they have not.
 * - `suspicious`: probably not.
 * - `unknown`: there is no evidence.
 */
export type Verdict =
  | { readonly kind: 'confirmed'; readonly by: 'log' | 'subscription' | 'probe' }
  | { readonly kind: 'denied' | 'suspicious' | 'unknown' };

/** @param fact how this agent has answered probes before */
export function verdictOf(
  { probe, log, hasReturned, isTopicDeclared, isLevelKnown }: Evidence,
  fact: ProbeFact | undefined,
): Verdict {
  if (log === 'found') return { kind: 'confirmed', by: 'log' };
  if (hasReturned) return { kind: 'confirmed', by: 'subscription' };
  if (probe === 'denied' || isTopicDeclared === false) return { kind: 'denied' };
  if (probe === 'recognised') {
    // The client is recognised. The log shows that something else is wrong, if its level is certain.
    return log === 'missing' && isLevelKnown ? { kind: 'suspicious' } : { kind: 'confirmed', by: 'probe' };
  }
  if (probe === 'accepted' && (fact === 'reported' || log === 'missing')) return { kind: 'denied' };
  if (log === 'missing' || (probe === 'accepted' && fact === undefined)) return { kind: 'suspicious' };
  return { kind: 'unknown' };
}

/** What is remembered about the agent after this evidence; undefined if it teaches nothing. */
export function factIn({ probe, log, hasReturned }: Evidence): ProbeFact | undefined {
  if (probe === 'recognised') return 'reported';
  return probe === 'accepted' && (log === 'found' || hasReturned) ? 'never' : undefined;
}
