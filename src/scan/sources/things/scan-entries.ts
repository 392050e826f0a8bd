/** Scans the entries of one thing of a source, and reports what is found at the place of each entry. */
import { ByteStream } from '../../files/byte-stream.ts';
import type { FileFindings } from '../../findings/findings-by-file.ts';
import { CoverageRecorder } from '../../model/coverage.ts';
import { noCounts, sumOf } from '../../model/severity-counts.ts';
import type { SourceContext } from './source.ts';
import { type SourceEntry, SourceText } from './source-text.ts';

export interface Thing<Entry> {
  /** For gaps. */
  readonly place: string;
  /** For rules, which judge a value by the name of its file. */
  readonly path: string;
  readonly entries: readonly Entry[];
  /** False if it has more than these entries: then what is not found may still be there. */
  readonly isWhole: boolean;
  /** Called for an entry with a finding. */
  readonly describe: (entry: Entry) => Pick<FileFindings, 'owner' | 'exposure'>;
}

/** @returns false if it was not scanned to its end */
export async function scanEntries<Entry extends SourceEntry>(
  { place, path, entries, isWhole, describe }: Thing<Entry>,
  {
    examiner,
    coverage,
    redact,
    onFound,
  }: Pick<SourceContext, 'examiner' | 'coverage' | 'redact' | 'onFound'>,
): Promise<boolean> {
  if (entries.length === 0) return true;
  const text = new SourceText(entries);
  // Counts no file.
  const part = new CoverageRecorder(
    () => undefined,
    () => redact(place),
  );
  const found = await examiner.scan(path, new ByteStream(once(text.bytes)), part);
  const { unexamined, gaps } = part.part();
  coverage.merge({ ...NOTHING, unexamined, gaps });
  const isScanned = Object.keys(unexamined).length === 0 && sumOf(found?.more ?? noCounts()) === 0;
  if (found !== undefined) {
    const { more, suppressed, allowed } = found;
    const parts = text.assign(found.detections).map(({ place: at, detections, entry }) => ({
      ...found,
      ...describe(entry),
      ...NO_COUNTS,
      path: at,
      file: isWhole && isScanned ? found.file : undefined,
      detections,
    }));
    // What is only counted belongs to no entry.
    const [first = { ...found, ...NO_COUNTS, path: place, file: undefined }, ...others] = parts;
    onFound({ ...first, more, suppressed, allowed });
    for (const one of others) onFound(one);
  }
  return isScanned;
}

const NOTHING = {
  folders: 0,
  files: 0,
  unchanged: 0,
  bytes: 0,
  inside: { entries: 0, skipped: {} },
  skipped: {},
};
const NO_COUNTS = { more: noCounts(), suppressed: {}, stillThere: [], allowed: 0 };

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}
