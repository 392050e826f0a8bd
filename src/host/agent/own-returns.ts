/**
 * Recognises a connection's own publications when the broker sends them back, because the connection has subscribed to their topic. Other
 * publications on the topic are ignored.
 */

/** Publications that are remembered: the most recent ones. */
const MAX_REMEMBERED = 64;

export class OwnReturns {
  readonly topic: string;
  readonly #sent = new Set<string>();
  #hasOne = false;

  constructor(topic: string) {
    this.topic = topic;
  }

  /** Forgets everything: the connection is a new one. */
  begin(): void {
    this.#sent.clear();
    this.#hasOne = false;
  }

  /** True once one of the publications has come back. */
  get hasOne(): boolean {
    return this.#hasOne;
  }

  sent(topic: string, payload: string): void {
    if (topic !== this.topic || this.#hasOne) return;
    this.#sent.add(payload);
    const [oldest] = this.#sent;
    if (this.#sent.size > MAX_REMEMBERED && oldest !== undefined) this.#sent.delete(oldest);
  }

  received(topic: string, payload: Buffer): void {
    if (topic !== this.topic || this.#hasOne || !this.#sent.has(payload.toString('utf8'))) return;
    this.#hasOne = true;
    this.#sent.clear();
  }
}
