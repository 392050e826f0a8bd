/**
 * What earlier runs have found out about this machine's agent, and what decides how a missing proof is understood. A store that
 * cannot be used remembers nothing.
 */
import type { Store } from '../platform/index.ts';

/**
 * How the agent's broker treats a publication that it accepts and nobody has subscribed to: it has said so before (`reported`), or it
 * says nothing although it accepts this client (`never`).
 */
export type ProbeFact = 'reported' | 'never';

export class AgentFacts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get probe(): ProbeFact | undefined {
    try {
      const row = this.#store.prepare("SELECT value FROM agent_facts WHERE name = 'probe'").get();
      const value = row?.['value'];
      return value === 'reported' || value === 'never' ? value : undefined;
    } catch {
      return undefined;
    }
  }

  setProbe(fact: ProbeFact): void {
    if (this.probe === fact) return;
    try {
      this.#store.prepare("INSERT OR REPLACE INTO agent_facts VALUES ('probe', ?)").run(fact);
    } catch {
      // The next run finds it out again.
    }
  }
}
