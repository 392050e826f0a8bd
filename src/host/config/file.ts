/** Options from the configuration file, which the administrator names. The program never searches for one. */
import * as z from 'zod';
import { TaskError, describeError } from '../exit/task-error.ts';
import { parseJson, shownKey } from '../platform/untrusted-json.ts';
import type { ReadInput } from '../platform/index.ts';
import { nearest } from '../task/nearest.ts';
import { type Option, settableBy } from './options.ts';

/** A larger file is not a configuration. */
const MAX_BYTES = 1024 * 1024;

/**
 * The options that a JSON file sets, by key.
 * @throws TaskError `config`, which names the file and the key but does not quote anything else
 */
export async function readConfigFile(
  path: string,
  options: readonly Option[],
  readInput: ReadInput,
): Promise<Map<string, unknown>> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(await contentOf(path, readInput));
  if (!parsed.success) throw new TaskError('config', `${path}: expected a JSON object of options`);
  const known = new Set(options.filter((option) => settableBy(option, 'file')).map((option) => option.key));
  known.delete('config');
  const unknown = Object.keys(parsed.data).find((key) => !known.has(key));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...known]);
    const remedy = meant === undefined ? `known keys: ${[...known].join(', ')}` : `did you mean "${meant}"?`;
    throw new TaskError('config', `${path}: unknown key ${shownKey(unknown)}; ${remedy}`);
  }
  const lists = new Set(options.filter(({ type }) => type === 'list').map(({ key }) => key));
  return new Map(
    Object.entries(parsed.data).map(([key, value]) => [
      key,
      // A list of one may be written as its text.
      lists.has(key) && typeof value === 'string' ? [value] : value,
    ]),
  );
}

async function contentOf(path: string, readInput: ReadInput): Promise<unknown> {
  const what = 'the configuration file';
  const text = (await readInput(path, { what, maxBytes: MAX_BYTES })).toString('utf8');
  try {
    return parseJson(text);
  } catch (error) {
    throw new TaskError('config', `${what} ${path} is not valid JSON: ${describeError(error)}`);
  }
}
