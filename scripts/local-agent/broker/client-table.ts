/**
 * The broker's clients by id: the filters that each has subscribed to, and which connection serves it now. Answers whether anybody receives a
 * topic, and ends a connection whose client id is taken over by another one.
 */
import { matches } from './topic-rules.ts';

export interface Entrance {
  /** Forget what an earlier connection of this client id has subscribed to. */
  readonly isClean: boolean;
  /** Another connection has taken over the client id. */
  readonly onTakenOver: () => void;
}

interface Client {
  readonly filters: Set<string>;
  readonly entrance: Entrance;
}

/** One connection's view of the table. */
export interface ClientEntry {
  subscribed(filter: string): void;
  unsubscribed(filter: string): void;
  /** The connection has ended. The filters of a session that is not clean remain. */
  leave(): void;
}

export class ClientTable {
  readonly #connected = new Map<string, Client>();
  /** Filters of sessions that outlive their connections. */
  readonly #lasting = new Map<string, Set<string>>();

  /** Enters a client that has connected. */
  enter(clientId: string, entrance: Entrance): ClientEntry {
    const earlier = this.#connected.get(clientId);
    const filters = entrance.isClean ? new Set<string>() : (this.#lasting.get(clientId) ?? new Set<string>());
    const client = { filters, entrance };
    this.#connected.set(clientId, client);
    if (entrance.isClean) this.#lasting.delete(clientId);
    else this.#lasting.set(clientId, filters);
    earlier?.entrance.onTakenOver();
    return {
      subscribed: (filter) => void filters.add(filter),
      unsubscribed: (filter) => void filters.delete(filter),
      leave: () => {
        if (this.#connected.get(clientId) === client) this.#connected.delete(clientId);
      },
    };
  }

  /** True if any session, connected or remembered, has subscribed to the topic: also the one that publishes. */
  hasSubscriber(topic: string): boolean {
    const subscriptions = [...this.#connected.values()].map(({ filters }) => filters);
    return [...subscriptions, ...this.#lasting.values()].some((filters) =>
      [...filters].some((filter) => matches(filter, topic)),
    );
  }
}
