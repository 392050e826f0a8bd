/** Actions on a list of things, a few at a time, in the order of the list. */
export class InOrder<Thing, Result> {
  readonly #results = new Map<Thing, Promise<Result>>();
}
