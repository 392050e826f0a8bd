/** The way out of the process for publications, as the publisher sees it. */

/** The publication arrived and was denied. */
export class PublicationDenied extends Error {
  override readonly name = 'PublicationDenied';
}

/** What a broker says when it acknowledges a publication. */
export interface Acknowledgement {
  /** `nobody`: no client has subscribed to the topic. Only MQTT 5 brokers say so, and not all of them. */
  readonly heard: 'unknown' | 'nobody';
}

export interface Transport {
  /**
   * Resolves once the publication is acknowledged.
   * @throws PublicationDenied when it is acknowledged with an error; other errors when the connection is gone.
   */
  publish(topic: string, payload: string): Promise<Acknowledgement>;
  /** Resolves when there is no point in waiting any longer. */
  readonly broken: Promise<unknown>;
  /** Why nothing can be acknowledged at present; undefined while it can. */
  readonly failure?: unknown;
  /** An acknowledgement shows that the record has arrived. Otherwise, it may have been dropped silently afterwards. */
  readonly isProof?: boolean;
  /** Each acknowledgement restarts the timeout, for slow readers. */
  readonly isPatient?: boolean;
  /** Connections so far, with reconnections. What is known about one connection does not hold for the next. */
  readonly connections?: number;
  /** `timeout` in milliseconds; `acknowledged` if nothing is in flight any more. */
  close(how: { readonly acknowledged: boolean; readonly timeout: number }): Promise<void>;
}
