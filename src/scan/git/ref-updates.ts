/** What git tells its hooks `pre-push` and `pre-receive` on standard input: a line for each branch or tag that changes (githooks(5)). */

export interface RefUpdate {
  /** The branch or tag on the side that receives it. */
  readonly ref: string;
  /** Id of what it was there; undefined if it is new. */
  readonly before: string | undefined;
  /** Id of what it will be; undefined if it is deleted. */
  readonly after: string | undefined;
}

export interface RefUpdates {
  readonly updates: readonly RefUpdate[];
  /** This side receives them: what is new is compared with its own branches. */
  readonly isReceiver: boolean;
}

const ID = '([0-9a-f]{40}|[0-9a-f]{64})';
/** The ref of this side may be any expression, with spaces. */
const PUSHED = new RegExp(`^.* ${ID} (\\S+) ${ID}$`);
const RECEIVED = new RegExp(`^${ID} ${ID} (refs/\\S+)$`);
const NO_OBJECT = /^0+$/;

/** @returns the number of the first line that has neither form, if there is one */
export function refUpdatesIn(text: string): RefUpdates | number {
  const updates: RefUpdate[] = [];
  let isReceiver = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const received = RECEIVED.exec(line);
    const pushed = received === null ? PUSHED.exec(line) : null;
    if (received !== null) {
      const [, before = '', after = '', ref = ''] = received;
      updates.push({ ref, before: objectOf(before), after: objectOf(after) });
      isReceiver = true;
    } else if (pushed !== null) {
      const [, after = '', ref = '', before = ''] = pushed;
      updates.push({ ref, before: objectOf(before), after: objectOf(after) });
    } else return index + 1;
  }
  return { updates, isReceiver };
}

/** Zeros stand for nothing. */
function objectOf(id: string): string | undefined {
  return NO_OBJECT.test(id) ? undefined : id;
}
