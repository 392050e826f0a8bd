/** The job documents and plugin documents below the agent's root, as files. */
import { readdirSync } from 'node:fs';
import { pathsOf } from '../../../installation/index.ts';
import type { Os, ReadInput } from '../../../platform/index.ts';
import { TaskError, describeError } from '../../../exit/task-error.ts';
import { parseJson, valueOf } from '../../../platform/untrusted-json.ts';

/** Documents of a folder that are read, at most, and bytes of each. */
const MAX_DOCUMENTS = 500;
const MAX_BYTES = 1024 * 1024;

/** A document that was read. */
export interface FoundDocument {
  readonly path: string;
  /** Without folders. */
  readonly fileName: string;
  /** The parsed JSON. */
  readonly value: unknown;
}

/** The job document that starts this executable. */
export type FoundJob = FoundDocument;

/** The documents of a folder, and why others could not be read. */
export interface Documents {
  readonly found: readonly FoundDocument[];
  /** One line for each document, or for the folder. */
  readonly problems: readonly string[];
}

/** Reads `{root}/{folder}/*.json`. */
export async function documentsIn(
  folder: 'Jobs' | 'Plugins',
  root: string,
  os: Os,
  readInput: ReadInput,
): Promise<Documents> {
  const { join } = pathsOf(os);
  const found: FoundDocument[] = [];
  const problems: string[] = [];
  let names: string[];
  try {
    names = readdirSync(join(root, folder)).filter((name) => name.toLowerCase().endsWith('.json'));
  } catch (error) {
    return { found, problems: [describeError(error)] };
  }
  for (const fileName of names.toSorted().slice(0, MAX_DOCUMENTS)) {
    const path = join(root, folder, fileName);
    try {
      found.push({ path, fileName, value: await readDocument(path, readInput) });
    } catch (error) {
      problems.push(describeError(error));
    }
  }
  return { found, problems };
}

/** Reads one document. @throws TaskError `config` when it cannot be read or is not JSON; nothing of it is quoted */
export async function readDocument(path: string, readInput: ReadInput): Promise<unknown> {
  const text = await readInput(path, { what: 'the document', maxBytes: MAX_BYTES });
  try {
    return parseJson(text.toString('utf8'));
  } catch (error) {
    throw new TaskError('config', `${path} is not valid JSON: ${describeError(error)}`);
  }
}

/** The value of a key that is a list; otherwise empty. */
export function listOf(document: unknown, key: string): readonly unknown[] {
  const value = valueOf(document, key);
  return Array.isArray(value) ? value : [];
}

/** The file name of a path of either system, lower case, without `.exe`. */
export function programOf(path: unknown): string {
  const name = typeof path === 'string' ? (path.split(/[\\/]/).at(-1) ?? '') : '';
  return name.toLowerCase().replace(/\.exe$/, '');
}
