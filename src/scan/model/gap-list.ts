/**
 * The gaps that are listed and logged, in bounded memory. The list is shared between owners, and for each owner
 * between reasons, so that what one user makes unreadable hides neither another user's gaps nor those with another
 * reason.
 */
import type { FileStatus } from '../../host/platform/index.ts';
import type { Gap } from './finding.ts';

/** Number of gaps that are listed; one with a long path counts as several, since redacting it takes as much time. */
const MAX_GAPS = 1000;
/** Number of characters of a path that count as one more gap. */
const CHARS_PER_WEIGHT = 500;
/**
 * Number of gaps that are logged for each owner; and for each further reason, and each further owner when there
 * are many.
 */
const MAX_LOGGED_PER_OWNER = 20;
const MAX_LOGGED_PER_REASON = 3;
/** Number of logged gaps after which the limits of each owner become narrow. */
const LOGGED_BEFORE_NARROW_LIMITS = 500;
/** Number of owners and reasons whose logged gaps are counted. */
const MAX_SHARES = 1000;

/** The owner of a gap, as far as it is known: an owner (see `file-owner.ts`), a status, or the root that it is below. */
export type Whose = string | Pick<FileStatus, 'uid'> | BelowRoot | undefined;

interface BelowRoot {
  readonly root: string;
  /** The root's status, if it was read. */
  readonly rootStatus?: Pick<FileStatus, 'uid'> | undefined;
}

/** A gap that one thread sends to another. */
export interface OwnedGap extends Gap {
  readonly owner?: string;
}

interface Listed {
  readonly gap: Required<OwnedGap>;
  readonly order: number;
}

interface Share {
  /** See `weightOf`. */
  size: number;
  readonly byReason: Map<string, Listed[]>;
}

export class GapList {
  readonly #shares = new Map<string, Share>();
  #size = 0;
  #order = 0;
  /** Undefined when it may have changed. */
  #largest: Share | undefined;

  /** Adds a gap if there is room, or if a larger share can make room for it. */
  add(gap: Required<OwnedGap>): void {
    const share = this.#shares.get(gap.owner) ?? { size: 0, byReason: new Map<string, Listed[]>() };
    if (this.#size >= MAX_GAPS && !this.#makeRoom(share, gap.reason)) return;
    this.#shares.set(gap.owner, share);
    const listed = share.byReason.get(gap.reason);
    if (listed === undefined) share.byReason.set(gap.reason, [{ gap, order: this.#order }]);
    else listed.push({ gap, order: this.#order });
    this.#order += 1;
    share.size += weightOf(gap);
    this.#size += weightOf(gap);
    this.#largest = undefined;
  }

  /** True when `add` would omit a gap, so that its path need not be redacted. */
  isClosedTo(owner: string, reason: string): boolean {
    const share = this.#shares.get(owner) ?? { size: 0, byReason: new Map<string, Listed[]>() };
    return this.#size >= MAX_GAPS && this.#giver(share, reason) === undefined;
  }

  /** The gaps, each owner's and each reason's first ones before their second ones. */
  all(): Required<OwnedGap>[] {
    const sequences = [...this.#shares.values()].map(({ byReason }) => inTurns([...byReason.values()]));
    return inTurns(sequences).map(({ gap }) => gap);
  }

  #makeRoom(share: Share, reason: string): boolean {
    const giver = this.#giver(share, reason);
    if (giver === undefined) return false;
    const last = largestOf(giver)?.pop();
    const weight = last === undefined ? 0 : weightOf(last.gap);
    giver.size -= weight;
    this.#size -= weight;
    return true;
  }

  /** The share that must make room for one more gap of this share. */
  #giver(share: Share, reason: string): Share | undefined {
    this.#largest ??= [...this.#shares.values()].reduce((a, b) => (b.size > a.size ? b : a));
    if (this.#largest.size > share.size + 1) return this.#largest;
    const most = largestOf(share)?.length ?? 0;
    return most > (share.byReason.get(reason)?.length ?? 0) + 1 ? share : undefined;
  }
}

/** Decides which gaps are logged individually. */
export class GapLog {
  /** By owner, and by owner and reason: how many were logged. */
  readonly #logged = new Map<string, number>();
  #total = 0;

  /** @returns whether to log this gap; it then counts as logged */
  admits(owner: string, reason: string): boolean {
    const ofReason = `${owner}\n${reason}`;
    const isNew = !this.#logged.has(ofReason);
    if (isNew && this.#logged.size >= MAX_SHARES) return false;
    const limit = this.#total < LOGGED_BEFORE_NARROW_LIMITS ? MAX_LOGGED_PER_OWNER : MAX_LOGGED_PER_REASON;
    const isAdmitted =
      (this.#logged.get(owner) ?? 0) < limit || (this.#logged.get(ofReason) ?? 0) < MAX_LOGGED_PER_REASON;
    if (!isAdmitted) return false;
    for (const key of [owner, ofReason]) this.#logged.set(key, (this.#logged.get(key) ?? 0) + 1);
    this.#total += 1;
    return true;
  }
}

/**
 * The key under which a gap shares in the limits: the owner, else the user who owns the root, else the first folder
 * below the root; where no root is known, the first two names of the path (of a home, the user's).
 */
export function shareOf(path: string, whose: Whose): string {
  if (typeof whose === 'string') return whose;
  if (whose !== undefined && 'uid' in whose) return String(whose.uid);
  // Everything below a user's root belongs to that user, in however many folders.
  const uid = whose?.rootStatus?.uid ?? 0;
  if (uid !== 0) return String(uid);
  const root = whose?.root ?? '';
  const begin = path.startsWith(root) ? root.length : 0;
  const below = path.slice(begin).split(/[\\/]/, begin > 1 ? 2 : 3);
  return `${path.slice(0, begin)}${below.join('/')}`;
}

function weightOf({ path }: Gap): number {
  return 1 + Math.floor(path.length / CHARS_PER_WEIGHT);
}

function largestOf({ byReason }: Share): Listed[] | undefined {
  let largest: Listed[] | undefined;
  for (const listed of byReason.values()) if (listed.length > (largest?.length ?? 0)) largest = listed;
  return largest;
}

/** The first of each sequence, then the second ones ...; among these, in the order in which they were added. */
function inTurns(sequences: readonly (readonly Listed[])[]): Listed[] {
  return sequences
    .flatMap((listed) => listed.map((item, turn) => ({ item, turn })))
    .sort((a, b) => a.turn - b.turn || a.item.order - b.item.order)
    .map(({ item }) => item);
}
