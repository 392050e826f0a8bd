/** Reads a JSON report. Trusts nothing in the file: it is validated against the schema. */
import { readFile } from 'node:fs/promises';
import { parseJson } from '../../host/platform/untrusted-json.ts';
import type { JsonReport } from './schema.ts';

/**
 * Parses a report that `writeReport` wrote. The result is a `ReportInput` too: `renderText` takes it.
 * @throws Error that says where the text is not JSON, or that it has a different structure or version; it quotes
 *   nothing
 */
export async function parseReport(text: string): Promise<JsonReport> {
  const { JsonReport } = await import('./schema.ts');
  const result = JsonReport.safeParse(parseJson(text));
  if (result.success) return result.data;
  throw new Error('it has a different structure or version');
}

/** Reads a report that one of this project's tools wrote. @throws also file system errors */
export async function readReport(path: string): Promise<JsonReport> {
  return await parseReport(await readFile(path, 'utf8'));
}
