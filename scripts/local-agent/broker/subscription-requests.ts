/**
 * A client's SUBSCRIBE and UNSUBSCRIBE packets that are not answered yet. The core sees only the filters that are allowed; the client gets one
 * code for each filter that it asked for.
 */
import type { ISubscribePacket, ISubscription, IUnsubscribePacket } from 'mqtt-packet';
import { mergeGranted } from './packets.ts';

interface Request {
  readonly requested: readonly ISubscription[];
  readonly allowed: readonly ISubscription[];
}

export class SubscriptionRequests {
  readonly #subscribing = new Map<number, Request>();
  readonly #unsubscribing = new Map<number, readonly string[]>();

  /** Remembers a SUBSCRIBE; returns the packet for the core, undefined if nothing in it is allowed. */
  subscribe(
    packet: ISubscribePacket,
    isAllowed: (subscription: ISubscription) => boolean,
  ): ISubscribePacket | undefined {
    const allowed = unique(packet.subscriptions.filter(isAllowed));
    this.#subscribing.set(packet.messageId ?? 0, { requested: packet.subscriptions, allowed });
    return allowed.length > 0 ? { ...packet, subscriptions: allowed } : undefined;
  }

  /**
   * The answer to a SUBSCRIBE: a code for each requested filter, and the filters that are now subscribed to. `granted` is the core's answer for
   * the allowed ones, `denied` the code of another one.
   */
  subscribed(
    messageId: number,
    granted: readonly number[],
    denied: (subscription: ISubscription) => number,
  ): { readonly codes: number[]; readonly filters: string[] } {
    const { requested = [], allowed = [] } = this.#subscribing.get(messageId) ?? {};
    this.#subscribing.delete(messageId);
    const codes = new Map(allowed.map(({ topic }, index) => [topic, granted[index] ?? 0x80]));
    return {
      codes: mergeGranted(requested, codes, denied),
      filters: [...codes].filter(([, code]) => code < 0x80).map(([topic]) => topic),
    };
  }

  unsubscribe({ messageId = 0, unsubscriptions }: IUnsubscribePacket): void {
    this.#unsubscribing.set(messageId, unsubscriptions);
  }

  /** The filters of an UNSUBSCRIBE that the core has answered. */
  unsubscribed(messageId: number): readonly string[] {
    const filters = this.#unsubscribing.get(messageId) ?? [];
    this.#unsubscribing.delete(messageId);
    return filters;
  }
}

/** The last subscription for each filter: this is how the core treats a filter that is listed twice. */
function unique(subscriptions: readonly ISubscription[]): ISubscription[] {
  return [...new Map(subscriptions.map((subscription) => [subscription.topic, subscription])).values()];
}
