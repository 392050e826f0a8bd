/** Results of an action on each thing of a list: a few at a time, in the order of the list, from the first one that is asked for. */
export class InOrder<Thing, Result> {
  readonly #things: readonly Thing[];
  readonly #limit: number;
  readonly #action: (thing: Thing) => Promise<Result>;
  readonly #results = new Map<Thing, PromiseWithResolvers<Result>>();
  readonly #lanes: Promise<void>[] = [];
  #next = 0;

  /** @param limit actions at a time */
  constructor(things: readonly Thing[], limit: number, action: (thing: Thing) => Promise<Result>) {
    this.#things = things;
    this.#limit = limit;
    this.#action = action;
    for (const thing of things) {
      const result = Promise.withResolvers<Result>();
      // Nobody may be waiting for it yet.
      result.promise.catch(() => undefined);
      this.#results.set(thing, result);
    }
  }

  /** The result for one thing of the list. The first call starts all actions. */
  async result(thing: Thing): Promise<Result> {
    while (this.#lanes.length < this.#limit) this.#lanes.push(this.#lane());
    const result = this.#results.get(thing);
    if (result === undefined) throw new Error('it is not in the list');
    return await result.promise;
  }

  /** Starts no further actions, and waits for those that have begun. */
  async stop(): Promise<void> {
    this.#next = this.#things.length;
    await Promise.all(this.#lanes);
  }

  async #lane(): Promise<void> {
    for (let thing = this.#take(); thing !== undefined; thing = this.#take()) {
      const result = this.#results.get(thing);
      await this.#action(thing).then(result?.resolve, result?.reject);
    }
  }

  #take(): Thing | undefined {
    const thing = this.#things[this.#next];
    this.#next += 1;
    return thing;
  }
}
