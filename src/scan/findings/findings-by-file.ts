/** Detections, collected file by file within limits: what a thread of the scan passes on. */
import type { FileStatus, Platform } from '../../host/platform/index.ts';
import { type Severity, severities } from '../model/finding.ts';
import type { Detection } from '../detect/candidate.ts';
import { exposureOf } from './exposure.ts';
import { asShipped, originOn } from './shipped/shipped.ts';
import { UNKNOWN_OWNER, ownersOn } from '../model/file-owner.ts';
import { noCounts, sumOf } from '../model/severity-counts.ts';

/** Maximum number of detections of one file that are kept, the most severe ones; others are only counted. */
export const MAX_FINDINGS_PER_FILE = 5000;
/** When a thread has passed on this many findings of one owner, it keeps only a few of each further file. */
const MAX_FINDINGS_PER_OWNER_IN_FULL = 40_000;
const MAX_FINDINGS_PER_FURTHER_FILE = 100;

/** The detections of one file. */
export interface FileFindings {
  /** Not redacted yet. */
  readonly path: string;
  readonly exposure: readonly string[];
  /** In the order of the file. */
  readonly detections: readonly Detection[];
  /** Those that are not kept, by severity. */
  readonly more: Readonly<Record<Severity, number>>;
  /** Those that an allowlist permits; they are only counted. */
  readonly allowed: number;
  /** Identifies the file; undefined when it was not read to its end, so that it may contain more. */
  readonly file: FileIdentity | undefined;
  /** See `file-owner.ts`. */
  readonly owner: string;
  /** Milliseconds since 1970, `changedAt` by the clock that users cannot set (ctime); Infinity when unknown. */
  readonly modifiedAt: number;
  readonly changedAt: number;
}

/** Distinguishes a file from another one that has taken its name. */
export type FileIdentity = Pick<FileStatus, 'dev' | 'ino'>;

/** What was found so far. */
export interface Growing extends FileFindings {
  readonly detections: Detection[];
  readonly more: Record<Severity, number>;
  allowed: number;
}

/** Nothing yet, in this file. */
export function noFindings(path: string): Growing {
  return {
    path,
    exposure: [],
    detections: [],
    more: noCounts(),
    allowed: 0,
    file: undefined,
    owner: UNKNOWN_OWNER,
    modifiedAt: Infinity,
    changedAt: Infinity,
  };
}

/** Adds one more. Keeps up to twice as many as in the end, so that selecting among them is cheap. */
export function keep(file: Growing, detection: Detection): void {
  if (detection.isAllowed === true) file.allowed += 1;
  else file.detections.push(detection);
  if (file.detections.length >= 2 * MAX_FINDINGS_PER_FILE) keepMostSevere(file);
}

/** Keeps the most severe detections, the first of equally severe ones, and counts the others. */
export function keepMostSevere(file: Growing, limit = MAX_FINDINGS_PER_FILE): void {
  const { detections, more } = file;
  if (detections.length <= limit) return;
  const found = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const { severity } of detections) found[severity] += 1;
  let left = limit;
  const room = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const severity of severities.toReversed()) {
    room[severity] = Math.min(left, found[severity]);
    left -= room[severity];
    more[severity] += found[severity] - room[severity];
  }
  let kept = 0;
  for (const detection of detections) {
    if (room[detection.severity] === 0) continue;
    room[detection.severity] -= 1;
    detections[kept] = detection;
    kept += 1;
  }
  detections.length = kept;
}

/** The system's information about a file with findings. */
export type Description = Pick<FileFindings, 'exposure' | 'owner' | 'modifiedAt' | 'changedAt'> & {
  /** Finds the package that brought the file, if nobody changed it. */
  readonly originOf?: () => string | undefined;
};

/** `status` is that of the open file, if there is one: its name may belong to another file by now. */
export type Describe = (path: string, status?: DescribedStatus) => Description;
type DescribedStatus = Pick<FileStatus, 'uid' | 'mtimeMs' | 'ctimeMs'>;

/** Describes files of this platform. */
export function describerOn(platform: Platform): Describe {
  const exposure = exposureOf(platform);
  const ownerOf = ownersOn(platform);
  const originOf = originOn(platform);
  const statusOf = (path: string): DescribedStatus | undefined => {
    try {
      return platform.fs.status(path);
    } catch {
      return undefined;
    }
  };
  return (path, status = statusOf(path)) => ({
    exposure: exposure(path),
    originOf: () => originOf(path, status?.ctimeMs),
    owner: ownerOf(path, status),
    modifiedAt: status?.mtimeMs ?? Infinity,
    changedAt: status?.ctimeMs ?? Infinity,
  });
}

/** Findings with the description of their file. Those in a file of a package are of low severity. */
export function described(found: FileFindings, { originOf, ...description }: Description): FileFindings {
  const file = { ...found, ...description };
  const origin = found.detections.length === 0 ? undefined : originOf?.();
  if (origin === undefined) return file;
  const detections = asShipped(found.detections, origin);
  return { ...file, detections, more: { ...noCounts(), low: sumOf(found.more) } };
}

export class FindingsByFile {
  readonly #onFile: (file: FileFindings) => void;
  readonly #isWatched: (path: string) => boolean;
  readonly #describe: Describe;
  #file: Growing | undefined;
  readonly #handedOn = new Map<string, number>();

  /** @param isWatched true for a file that must be passed on even if nothing is found in it */
  constructor(
    onFile: (file: FileFindings) => void,
    describe: Describe,
    isWatched: (path: string) => boolean,
  ) {
    this.#onFile = onFile;
    this.#describe = describe;
    this.#isWatched = isWatched;
  }

  /** The detections of a file must arrive consecutively. */
  add(path: string, detection: Detection): void {
    keep(this.#open(path), detection);
  }

  /** Called when the file was read to its end. @param status of the open file */
  end(path: string, status: DescribedStatus & FileIdentity): void {
    if (this.#file?.path !== path && !this.#isWatched(path)) return;
    this.#open(path);
    this.#handOn(status);
  }

  #open(path: string): Growing {
    if (this.#file?.path !== path) this.flush();
    this.#file ??= noFindings(path);
    return this.#file;
  }

  /** Passes on the collected detections. */
  flush(): void {
    this.#handOn(undefined);
  }

  #handOn(status: (DescribedStatus & FileIdentity) | undefined): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    const description = this.#describe(file.path, status);
    const before = this.#handedOn.get(description.owner) ?? 0;
    keepMostSevere(
      file,
      before < MAX_FINDINGS_PER_OWNER_IN_FULL ? MAX_FINDINGS_PER_FILE : MAX_FINDINGS_PER_FURTHER_FILE,
    );
    this.#handedOn.set(description.owner, before + file.detections.length);
    const identity = status && { dev: status.dev, ino: status.ino };
    this.#onFile({ ...described(file, description), file: identity });
  }
}
