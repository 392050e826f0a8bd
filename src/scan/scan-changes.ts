/** What is new in changed files of a repository: the findings in their new contents without those in the contents before. */
import { ByteStream } from './files/byte-stream.ts';
import { newStreamExaminer } from './files/detector-module.ts';
import type { Scheduler } from './files/scheduler.ts';
import type { StreamExaminer } from './files/stream-examiner.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { identityOf } from './findings/standing.ts';
import { BlobReader } from './git/blob-reader.ts';
import type { ChangedFile } from './git/changed-files.ts';
import type { Git } from './git/git.ts';
import { CoverageRecorder } from './model/coverage.ts';
import type { Preparation } from './preparation.ts';
import { containerSettingsOf } from './settings.ts';
import { scopeOf } from './walk/index.ts';

export interface ChangeScan<File extends ChangedFile> {
  readonly preparation: Preparation;
  readonly scheduler: Scheduler;
  readonly git: Git;
  /** The folder that the names of the files are below. */
  readonly top: string;
  readonly files: Iterable<File> | AsyncIterable<File>;
  /** See `Finding.exposure`. */
  readonly exposure: readonly string[];
  readonly onFound: (found: FileFindings, file: File) => void;
}

/** Scans the changed files that are in scope. */
export async function scanChanges<File extends ChangedFile>({
  preparation,
  scheduler,
  git,
  top,
  files,
  exposure,
  onFound,
}: ChangeScan<File>): Promise<void> {
  const { options, platform, signal, coverage, excludes, opened } = preparation;
  const inScope = scopeOf([{ path: top, kind: 'folder' }], excludes, undefined, platform);
  const blobs = new BlobReader(git);
  const examiner = newStreamExaminer({
    ...preparation,
    customRules: opened?.rules,
    containers: containerSettingsOf(options),
    binaries: options.binaries,
    scheduler,
    exposure,
  });
  try {
    for await (const file of files) {
      const path = platform.path.join(top, file.name);
      if (file.kind === 'submodule') continue;
      if (!inScope(path)) coverage.skip('excluded');
      else if (file.kind === 'link') coverage.skip('link');
      else if (file.kind === 'unmerged') coverage.gap(path, 'unmerged');
      else if (signal.aborted) coverage.gap(path, 'stopped-early');
      else {
        const found = await newIn(file, path, { examiner, blobs, coverage });
        if (found !== undefined) onFound(found, file);
      }
      if (scheduler.isYieldDue) await scheduler.yieldNow();
    }
  } finally {
    blobs.close();
  }
}

interface ContentScan {
  readonly examiner: StreamExaminer;
  readonly blobs: BlobReader;
  readonly coverage: CoverageRecorder;
}

/** What is found in the new content of a file, without what was in its contents before. */
async function newIn(
  { blob, before }: Pick<ChangedFile, 'blob' | 'before'>,
  path: string,
  { examiner, blobs, coverage }: ContentScan,
): Promise<FileFindings | undefined> {
  const found = await examiner.scan(path, new ByteStream(blobs.read(blob)), coverage);
  if (found === undefined || found.detections.length === 0) return found;
  const known = new Set<string>();
  for (const earlier of before) {
    // What cannot be examined here hides nothing.
    const unrecorded = new CoverageRecorder(
      () => undefined,
      (text) => text,
    );
    const old = await examiner.scan(path, new ByteStream(blobs.read(earlier)), unrecorded);
    for (const detection of old?.detections ?? []) known.add(identityOf(detection));
  }
  return withoutKnown(found, (identity) => known.has(identity));
}

/** The findings whose identities are not known. The others are counted as already committed. */
export function withoutKnown(found: FileFindings, isKnown: (identity: string) => boolean): FileFindings {
  const detections = found.detections.filter((detection) => !isKnown(identityOf(detection)));
  const committed = found.detections.length - detections.length;
  if (committed === 0) return found;
  return { ...found, detections, suppressed: { ...found.suppressed, 'already committed': committed } };
}
