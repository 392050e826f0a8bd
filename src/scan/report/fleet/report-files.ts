/** Finds the report files below folders. Follows no link, and stops at limits: the folders may be filled by other machines. */
import { opendir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { systemReason } from '../../../host/exit/task-error.ts';

/** Maximum number of report files, and of entries that are looked at. */
const MAX_FILES = 20_000;
const MAX_ENTRIES = 1_000_000;
/** Folders below a named one. */
const MAX_DEPTH = 8;

/** What a file contains, according to its name. */
const kinds: Readonly<Record<string, 'report' | 'lines'>> = {
  '.json': 'report',
  '.jsonl': 'lines',
  '.ndjson': 'lines',
  '.log': 'lines',
};

export interface ReportFile {
  readonly path: string;
  readonly kind: 'report' | 'lines';
}

/** Something that should have been read and was not. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface FoundFiles {
  /** In the order of their paths. */
  readonly files: readonly ReportFile[];
  readonly skipped: readonly Skipped[];
}

/** @param folder exists, and its file system answers */
export async function findReportFiles(folder: string, signal: AbortSignal): Promise<FoundFiles> {
  const files: ReportFile[] = [];
  const skipped: Skipped[] = [];
  const folders = [{ path: folder, depth: 0 }];
  let entries = 0;
  for (let next = folders.pop(); next !== undefined && !signal.aborted; next = folders.pop()) {
    const { path, depth } = next;
    try {
      for await (const entry of await opendir(path)) {
        const place = join(path, entry.name);
        if ((entries += 1) > MAX_ENTRIES || files.length >= MAX_FILES) {
          skipped.push({ path: place, reason: 'too many files; merge fewer at once' });
          return { files: inOrder(files), skipped };
        }
        const kind = kinds[extname(entry.name).toLowerCase()];
        if (entry.isDirectory()) {
          if (depth < MAX_DEPTH) folders.push({ path: place, depth: depth + 1 });
          else skipped.push({ path: place, reason: 'folders are nested too deeply' });
        } else if (kind !== undefined && entry.isFile()) files.push({ path: place, kind });
        else if (kind !== undefined) {
          skipped.push({ path: place, reason: entry.isSymbolicLink() ? 'it is a link' : 'it is not a file' });
        }
      }
    } catch (error) {
      skipped.push({ path, reason: systemReason(error) });
    }
  }
  return { files: inOrder(files), skipped };
}

function inOrder(files: readonly ReportFile[]): ReportFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
