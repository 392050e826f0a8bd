/** Reads a JSON report back. Trusts nothing in the file: it is held against the schema. */
import { readFile } from 'node:fs/promises';
import type { JsonReport } from './schema.ts';

/**
 * The report in a file that `writeReport` wrote. It is a `ReportInput` too: `renderText` takes it.
 * @throws whatever is thrown by the file system, by `JSON.parse` and, for another shape or version, by zod.
 */
export async function readReport(path: string): Promise<JsonReport> {
  const { JsonReport } = await import('./schema.ts');
  return JsonReport.parse(JSON.parse(await readFile(path, 'utf8')));
}
