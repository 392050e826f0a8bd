/** Reads a JSON report back. Trusts nothing in the file: it is held against the schema. */
import { readFile } from 'node:fs/promises';
import { parseJson } from '../../host/platform/untrusted-json.ts';
import type { JsonReport } from './schema.ts';

/**
 * The report in a text that `writeReport` wrote. It is a `ReportInput` too: `renderText` takes it.
 * @throws Error that says where the text is no JSON, or that it has another shape or version; it quotes nothing
 */
export async function parseReport(text: string): Promise<JsonReport> {
  const { JsonReport } = await import('./schema.ts');
  const result = JsonReport.safeParse(parseJson(text));
  if (result.success) return result.data;
  throw new Error('it has another structure or version');
}

/** The same of a file that this program's own tools have written. @throws what the file system says, too */
export async function readReport(path: string): Promise<JsonReport> {
  return await parseReport(await readFile(path, 'utf8'));
}
