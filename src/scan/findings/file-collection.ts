/**
 * Collects the findings of one file while it is scanned, in bounded memory: equal secrets are joined, and when there are
 * more than a limit, what is new is kept before what is known, and what is known before what is suppressed.
 */
import type { Detection } from '../detect/candidate.ts';
import { type Severity, severities } from '../model/finding.ts';
import { type SeverityCounts, addSeverityCounts, noCounts } from '../model/severity-counts.ts';
import { type Growing, join, joinOne } from './equal-secrets.ts';
import { secretNumber } from './secret-number.ts';
import { type FileIdentifiers, type Standing, type StandingsIn, identityOf } from './standing.ts';

/** Limits on the findings of one file that are passed on. */
export interface FileLimit {
  readonly most: number;
  /** The same for findings below `critical`. */
  readonly belowCritical: number;
}

export const USUAL_FILE_LIMIT: FileLimit = { most: 10_000, belowCritical: 10_000 };
/** For an owner with a flood of findings. */
export const NARROW_FILE_LIMIT: FileLimit = { most: 10_000, belowCritical: 100 };

/** So many more are held until the selection is made. */
const MAX_UNCHOSEN = 2500;
/** Number of secrets that are not kept and recognised when they occur again. */
const MAX_CUT = 100_000;

/** What was found in a file. */
export interface FileContents {
  /** In the order of the file. */
  readonly detections: readonly Detection[];
  /** New findings that are not kept, by severity. */
  readonly more: Readonly<SeverityCounts>;
  /** Suppressed findings that are not kept, by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  /** Findings that are known from earlier runs and still there, but not kept. */
  readonly stillThere: readonly KnownSecret[];
  /** Occurrences that an allowlist permits; they are only counted ... */
  readonly allowed: number;
  /** ... unless an earlier run has stored the finding. */
  readonly allowedKnown: readonly KnownSecret[];
}

export type KnownSecret = FileIdentifiers & Pick<Detection, 'severity'>;

/** Why a secret is not kept: it is new and this severe, known, or suppressed. */
type Cut = Severity | Exclude<Standing, 'new'>;

/** A secret of the file. */
interface Entry {
  readonly group: Growing;
  /** Once it is determined, unless a further occurrence could change it. */
  standing: Standing | undefined;
}

export class FileCollection {
  readonly path: string;
  readonly #standingsIn: StandingsIn;
  #standingOf: ((detection: Detection) => Standing) | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #more = noCounts();
  readonly #suppressed: Record<string, number> = {};
  readonly #stillThere = new Map<string, KnownSecret>();
  readonly #cut = new Map<number | string, Cut>();
  #allowed = 0;
  readonly #allowedKnown = new Map<string, KnownSecret>();

  constructor(path: string, standingsIn: StandingsIn) {
    this.path = path;
    this.#standingsIn = standingsIn;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** How many of the findings are new. */
  get newFindings(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (this.#standing(entry) === 'new') count += 1;
    return count;
  }

  /** Adds an occurrence. */
  add(detection: Detection): void {
    if (detection.isAllowed === true) {
      this.#addAllowed(detection);
      return;
    }
    const entry = this.#entries.get(identityOf(detection));
    if (entry === undefined) this.#begin(detection);
    else joinOne(entry.group, detection);
  }

  /** Adds what was found in the next part of the file. */
  addPart({ detections, more, suppressed, stillThere, allowed, allowedKnown }: FileContents): void {
    for (const detection of detections) {
      const entry = this.#entries.get(identityOf(detection));
      if (entry === undefined) this.#begin({ ...detection });
      else join(entry.group, detection);
    }
    addSeverityCounts(this.#more, more);
    for (const [reason, count] of Object.entries(suppressed)) this.#suppress(reason, count);
    for (const known of stillThere) this.#stillThere.set(identityOf(known), known);
    this.#allowed += allowed;
    for (const known of allowedKnown) this.#allowedKnown.set(identityOf(known), known);
  }

  /** Drops what exceeds the limit, and returns the rest. */
  finish(limit = USUAL_FILE_LIMIT): FileContents {
    const isAbove = this.#entries.size > Math.min(limit.most, limit.belowCritical);
    if (isAbove) this.#choose(limit);
    return {
      detections: Array.from(this.#entries.values(), ({ group }) => group),
      more: this.#more,
      suppressed: this.#suppressed,
      stillThere: [...this.#stillThere.values()],
      allowed: this.#allowed,
      allowedKnown: [...this.#allowedKnown.values()],
    };
  }

  #addAllowed(detection: Detection): void {
    this.#standingOf ??= this.#standingsIn(this.path);
    if (this.#standingOf(detection) !== 'known') this.#allowed += 1;
    else {
      const { rule, fingerprint, severity } = detection;
      this.#allowedKnown.set(identityOf(detection), { rule, fingerprint, severity });
    }
  }

  #begin(group: Growing): void {
    if (this.#cut.size > 0 && !this.#mayReturn(group)) return;
    this.#entries.set(identityOf(group), { group, standing: undefined });
    if (this.#entries.size >= USUAL_FILE_LIMIT.most + MAX_UNCHOSEN) this.#choose(USUAL_FILE_LIMIT);
  }

  /** Whether a secret is kept that may have been dropped before: only if there is something new about it. */
  #mayReturn(group: Detection): boolean {
    const key = cutKey(group);
    const cut = this.#cut.get(key);
    if (cut === undefined) return true;
    if (!isNews(group, cut)) return false;
    this.#cut.delete(key);
    if (isSeverity(cut)) this.#more[cut] -= 1;
    else this.#suppress(cut, -1);
    return true;
  }

  /** Keeps the findings of the highest ranks; of equal ones, the first. */
  #choose({ most, belowCritical }: FileLimit): void {
    const ranked = Array.from(this.#entries, ([key, entry]) => {
      const { group } = entry;
      const standing = this.#standing(entry);
      return { key, group, standing, rank: rankOf(group, standing) };
    });
    const room = roomByRank(ranked, most, belowCritical);
    for (const { key, group, standing, rank } of ranked) {
      const left = room.get(rank) ?? 0;
      room.set(rank, left - 1);
      if (left > 0) continue;
      this.#entries.delete(key);
      this.#drop(group, standing);
    }
  }

  #standing(entry: Entry): Standing {
    if (entry.standing !== undefined) return entry.standing;
    this.#standingOf ??= this.#standingsIn(this.path);
    const standing = this.#standingOf(entry.group);
    // The others depend on all occurrences of the secret.
    if (standing !== 'inline marker' && standing !== 'ignore list') entry.standing = standing;
    return standing;
  }

  #drop(group: Detection, standing: Standing): void {
    const { rule, fingerprint, severity, inside } = group;
    const cut = standing === 'new' ? severity : standing;
    if (this.#cut.size < MAX_CUT) this.#cut.set(cutKey(group), cut);
    if (isSeverity(cut)) this.#more[cut] += 1;
    else if (cut === 'known')
      this.#stillThere.set(identityOf(group), { rule, fingerprint, severity, inside });
    else this.#suppress(cut, 1);
  }

  #suppress(reason: string, count: number): void {
    this.#suppressed[reason] = (this.#suppressed[reason] ?? 0) + count;
  }
}

/** A number takes less memory, and most files are no containers. */
function cutKey(group: Detection): number | string {
  const number = secretNumber(group);
  return group.inside === undefined ? number : `${number} ${group.inside}`;
}

/** The highest rank is kept first: new findings by severity, then known ones, then suppressed ones. */
function rankOf({ severity }: Detection, standing: Standing): number {
  if (standing === 'new') return 2 + severities.indexOf(severity);
  return standing === 'known' ? 1 : 0;
}

const CRITICAL_RANK = 2 + severities.indexOf('critical');

/** How many of each rank are kept. */
function roomByRank(
  ranked: readonly { readonly rank: number }[],
  most: number,
  belowCritical: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { rank } of ranked) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  let left = most;
  for (let rank = CRITICAL_RANK; rank >= 0; rank -= 1) {
    if (rank < CRITICAL_RANK) left = Math.min(left, belowCritical);
    const kept = Math.min(left, counts.get(rank) ?? 0);
    counts.set(rank, kept);
    left -= kept;
  }
  return counts;
}

/** Whether a further occurrence changes why its secret was dropped. */
function isNews({ severity, marker }: Detection, cut: Cut): boolean {
  if (isSeverity(cut)) return severities.indexOf(severity) > severities.indexOf(cut);
  return cut === 'inline marker' ? marker === undefined : cut === 'ignore list';
}

function isSeverity(cut: Cut): cut is Severity {
  return severities.some((severity) => severity === cut);
}
