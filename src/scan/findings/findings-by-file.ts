/** Detections, collected file by file within limits: what a thread of the scan passes on. */
import { type FileStatus, type Platform, statusIfKnown } from '../../host/platform/index.ts';
import type { Detection } from '../detect/candidate.ts';
import { exposureOf } from './exposure.ts';
import { FileCollection, type FileContents, NARROW_FILE_LIMIT, USUAL_FILE_LIMIT } from './file-collection.ts';
import { asShipped, originOn } from './shipped/shipped.ts';
import type { StandingsIn } from './standing.ts';
import { ownersOn } from '../model/file-owner.ts';
import { noCounts, sumOf } from '../model/severity-counts.ts';

/** When a thread has passed on this many new findings of one owner, it keeps only a few of each further file. */
const MAX_FINDINGS_PER_OWNER_IN_FULL = 40_000;

/** The findings of one file. */
export interface FileFindings extends FileContents {
  /** Not redacted yet. */
  readonly path: string;
  readonly exposure: readonly string[];
  /** Identifies the file; undefined when it was not read to its end, so that it may contain more. */
  readonly file: FileIdentity | undefined;
  /**
   * The entries of a container that were not read to their end although the file was: what is known in them may still be there. Places, as
   * `inside` of a detection.
   */
  readonly unread?: readonly string[];
  /** See `file-owner.ts`. */
  readonly owner: string;
  /** Milliseconds since 1970, `changedAt` by the clock that users cannot set (ctime); Infinity when unknown. */
  readonly modifiedAt: number;
  readonly changedAt: number;
}

/** Distinguishes a file from another one that has taken its name. */
export type FileIdentity = Pick<FileStatus, 'dev' | 'ino'>;

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
  return (path, status: DescribedStatus | undefined = statusIfKnown(platform.fs, path)) => ({
    exposure: exposure(path),
    originOf: () => originOf(path, status?.ctimeMs),
    owner: ownerOf(path, status),
    modifiedAt: status?.mtimeMs ?? Infinity,
    changedAt: status?.ctimeMs ?? Infinity,
  });
}

/** Findings with the description of their file. Those in a file of a package are of low severity. */
export function described(
  path: string,
  contents: FileContents,
  { originOf, ...description }: Description,
  identity: FileIdentity | undefined,
): FileFindings {
  const file = identity && { dev: identity.dev, ino: identity.ino };
  const found = { path, ...contents, ...description, file };
  const origin = found.detections.length === 0 ? undefined : originOf?.();
  if (origin === undefined) return found;
  const detections = asShipped(found.detections, origin);
  return { ...found, detections, more: { ...noCounts(), low: sumOf(found.more) } };
}

export interface FindingsByFileOptions {
  readonly onFile: (file: FileFindings) => void;
  readonly describe: Describe;
  /** True for a file that must be passed on even if nothing is found in it. */
  readonly isWatched: (path: string) => boolean;
  readonly standingsIn: StandingsIn;
}

export class FindingsByFile {
  readonly #options: FindingsByFileOptions;
  #file: FileCollection | undefined;
  /** New findings that were passed on, by owner. */
  readonly #handedOn = new Map<string, number>();

  constructor(options: FindingsByFileOptions) {
    this.#options = options;
  }

  /** The detections of a file must arrive consecutively. */
  add(path: string, detection: Detection): void {
    this.#open(path).add(detection);
  }

  /**
   * Called when the file was read to its end.
   * @param status of the open file
   * @param unread places in a container that were not read: see `FileFindings`
   */
  end(path: string, status: DescribedStatus & FileIdentity, unread: readonly string[] = []): void {
    if (this.#file?.path !== path && !this.#options.isWatched(path)) return;
    this.#open(path);
    this.#handOn(status, unread);
  }

  #open(path: string): FileCollection {
    if (this.#file?.path !== path) this.flush();
    this.#file ??= new FileCollection(path, this.#options.standingsIn);
    return this.#file;
  }

  /** Passes on the collected detections. */
  flush(): void {
    this.#handOn(undefined);
  }

  #handOn(status: (DescribedStatus & FileIdentity) | undefined, unread: readonly string[] = []): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    const description = this.#options.describe(file.path, status);
    const { owner } = description;
    const before = this.#handedOn.get(owner) ?? 0;
    const contents = file.finish(
      before < MAX_FINDINGS_PER_OWNER_IN_FULL ? USUAL_FILE_LIMIT : NARROW_FILE_LIMIT,
    );
    const found = described(file.path, contents, description, status);
    const isShipped = found.detections.some(({ shippedBy }) => shippedBy !== undefined);
    if (!isShipped) this.#handedOn.set(owner, before + file.newFindings);
    this.#options.onFile(unread.length === 0 ? found : { ...found, unread });
  }
}
