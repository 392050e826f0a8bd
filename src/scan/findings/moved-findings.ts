/**
 * What happened to a finding that is no longer at its place: it moved with its file, is gone, or was only not
 * seen.
 */
import type { Platform } from '../../host/platform/index.ts';
import type { FileFindings, FileIdentity } from './findings-by-file.ts';
import type { FindingRow, FindingStore, KnownDetection, Whereabout } from './finding-store.ts';
import { pathOf } from '../model/watched-places.ts';
import { hasFolderChanged, isVanished } from './vanished-files.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a missing finding may wait until it is resolved while runs end early: it may be found again elsewhere. */
const PATIENCE_MS = 7 * DAY_MS;

export class Whereabouts {
  readonly #platform: Platform;
  readonly #now: number;
  /** Numbers of findings that are gone and whose folder has not changed since the run's start. */
  readonly #atRest = new Set<number>();

  /** @param now the run's start: milliseconds since 1970 */
  constructor(platform: Platform, now: number) {
    this.#platform = platform;
    this.#now = now;
  }

  /** The secret moved from the other place to this file: it was deleted there, or the file itself was renamed. */
  hasMoved(row: Whereabout, file: FileIdentity | undefined): boolean {
    if (row.gone > 0) return true;
    const path = pathOf(row.place);
    if (path === undefined) return false;
    if (isVanished(this.#platform, path, row.dev)) return true;
    if (file === undefined || file.ino !== row.ino || file.dev !== row.dev) return false;
    try {
      return this.#platform.fs.status(path).ino !== row.ino;
    } catch {
      return false;
    }
  }

  /** Checks whether the file is gone, and records what `isLost` needs. Slow: see `GoneSearch`. */
  look(row: Whereabout): boolean {
    const path = pathOf(row.place);
    if (path === undefined || (row.gone === 0 && row.seen === this.#now)) return false;
    if (row.gone === 0 && !isVanished(this.#platform, path, row.dev)) return false;
    const isKnown = this.#wasGone(row);
    if (!isKnown && !hasFolderChanged(this.#platform, path, this.#now)) this.#atRest.add(row.number);
    return true;
  }

  /** Its file is gone. A finding that was not read in this run for another reason is assumed to exist. */
  isGone(row: FindingRow, isComplete: boolean): boolean {
    if (row.gone > 0) return true;
    // A file whose name is not kept is read in every run.
    return row.seen !== this.#now && pathOf(row.place) === undefined && isComplete;
  }

  /**
   * True when a finding that is gone is resolved. Not immediately if it may have moved to a place that this run did
   * not reach, or had already scanned: the run ended early, or the folder changed during it or was not checked.
   */
  isLost(row: FindingRow, isSettled: boolean): boolean {
    const wasGone = this.#wasGone(row);
    if (!isSettled) return wasGone && row.gone < this.#now - PATIENCE_MS;
    return wasGone || pathOf(row.place) === undefined || this.#atRest.has(row.number);
  }

  #wasGone({ gone }: Whereabout): boolean {
    return gone > 0 && gone < this.#now;
  }
}

/**
 * The other places of the secrets of one file, while its findings are added. Each secret is looked up once, and
 * each other place is checked once: a file may have thousands of secrets that hundreds of other files have too.
 */
export class Origins {
  readonly #findings: FindingStore;
  readonly #whereabouts: Whereabouts;
  readonly #place: string;
  readonly #file: FileIdentity | undefined;
  readonly #owner: string;
  /** By rule and fingerprint: the longest known first. */
  readonly #elsewhere = new Map<string, Whereabout[]>();
  /** By place: whether its findings have moved here. Not needed for findings that are known to be gone. */
  readonly #hasMoved = new Map<string, boolean>();

  constructor(
    findings: FindingStore,
    whereabouts: Whereabouts,
    place: string,
    { file, owner }: Pick<FileFindings, 'file' | 'owner'>,
  ) {
    this.#findings = findings;
    this.#whereabouts = whereabouts;
    this.#place = place;
    this.#file = file;
    this.#owner = owner;
  }

  /**
   * One that has moved here from another place, if there is one; each is returned once. A secret does not move from
   * one owner to another: its presence in one owner's file says nothing about the other's, and a new file may get
   * the inode of a deleted one.
   */
  take(detection: KnownDetection): Whereabout | undefined {
    const elsewhere = this.#of(detection);
    const index = elsewhere.findIndex(
      (row) => row.owner === this.#owner && (row.gone > 0 || this.#isMoved(row)),
    );
    return index < 0 ? undefined : elsewhere.splice(index, 1)[0];
  }

  /** True when the secret is known elsewhere. */
  isKnown(detection: KnownDetection): boolean {
    return this.#of(detection).length > 0;
  }

  /** Since when the secret has been known elsewhere: milliseconds since 1970. */
  since(detection: KnownDetection): number | undefined {
    const elsewhere = this.#of(detection);
    return elsewhere.length === 0 ? undefined : Math.min(...elsewhere.map(({ since }) => since));
  }

  #of(detection: KnownDetection): Whereabout[] {
    const key = `${detection.rule} ${detection.fingerprint}`;
    const known = this.#elsewhere.get(key);
    if (known !== undefined) return known;
    const found = this.#findings.alike(detection, this.#place, this.#owner);
    this.#elsewhere.set(key, found);
    return found;
  }

  #isMoved(row: Whereabout): boolean {
    const key = `${row.dev} ${row.ino} ${row.place}`;
    const known = this.#hasMoved.get(key);
    if (known !== undefined) return known;
    const answer = this.#whereabouts.hasMoved(row, this.#file);
    this.#hasMoved.set(key, answer);
    return answer;
  }
}
