/** What is new in a changed content of a repository: its findings without those of the contents before. */
import { ByteStream } from './files/byte-stream.ts';
import type { StreamExaminer } from './files/stream-examiner.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { identityOf } from './findings/standing.ts';
import type { BlobReader } from './git/blob-reader.ts';
import type { ChangedFile } from './git/changed-files.ts';
import { CoverageRecorder } from './model/coverage.ts';

export interface ContentScan {
  readonly examiner: StreamExaminer;
  readonly blobs: BlobReader;
  readonly coverage: CoverageRecorder;
}

/** What is found in the new content of a file, without what was in its contents before. */
export async function newIn(
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
