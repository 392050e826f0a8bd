/** Reads a JSON report. Trusts nothing in the file: it is validated against the schema. */
import { readFile } from 'node:fs/promises';
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
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

/** A report lists up to 30,000 findings, usually in less than 30 MiB. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Reads a report that an option or an argument names.
 * @param what what it is, for errors: `--baseline`
 * @throws TaskError `config` when it is none
 */
export async function readNamedReport(path: string, what: string, readInput: ReadInput): Promise<JsonReport> {
  const text = (await readInput(path, { what, maxBytes: MAX_BYTES })).toString('utf8');
  try {
    return await parseReport(text);
  } catch (error) {
    throw new TaskError(
      'config',
      `${what} ${path}: it is not a JSON report of this program: ${describeError(error)}; create one with --report=FILE.json`,
    );
  }
}

/** Reads a report that one of this project's tools wrote. @throws also file system errors */
export async function readReport(path: string): Promise<JsonReport> {
  return await parseReport(await readFile(path, 'utf8'));
}
