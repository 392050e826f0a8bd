/**
 * Report files. The extension says which kind; the file appears whole or not at all. It is written beside its place and
 * renamed into it, so that a link there is replaced and never written through. Only its owner may read it.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { TaskError } from '../errors.ts';
import { jsonReport } from './json.ts';
import { printable } from '../log/index.ts';
import type { ReportInput } from './report-input.ts';
import { sarifLog } from './sarif.ts';

const renderers = { '.json': jsonReport, '.sarif': sarifLog } as const;
export type ReportFormat = keyof typeof renderers;

/**
 * The kind of report that a file's name asks for.
 * @throws TaskError `usage` for any other extension.
 */
export function reportFormatOf(path: string): ReportFormat {
  const extension = extname(path).toLowerCase();
  if (isFormat(extension)) return extension;
  const known = Object.keys(renderers).join(', ');
  throw new TaskError('usage', `the report ${printable(path)} needs one of these extensions: ${known}`);
}

function isFormat(extension: string): extension is ReportFormat {
  return Object.hasOwn(renderers, extension);
}

/**
 * Writes the report of a run.
 * @throws TaskError `usage` for an unknown extension; `cannot-write`, with nothing left behind, when the system refuses.
 */
export async function writeReport(path: string, input: ReportInput): Promise<void> {
  const text = serialize(renderers[reportFormatOf(path)](input));
  const temporary = join(dirname(path), `.report-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new TaskError('cannot-write', `the report ${printable(path)} cannot be written`, { cause });
  }
}

/** JSON for programs; a person who prints it on a terminal is safe from the names in it too. */
function serialize(value: unknown): string {
  return `${JSON.stringify(value, null, 2).split('\n').map(printable).join('\n')}\n`;
}

/** `wx` is O_CREAT | O_EXCL: a file or a link that is there already is an error (open(2)). */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
