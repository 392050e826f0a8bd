/** Options from the configuration file that the administrator names. It is never searched for. */
import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { TaskError } from '../errors.ts';
import { type Option, settableBy } from './options.ts';

/** Larger files are no configuration. */
const MAX_BYTES = 1024 * 1024;

/** The options that a JSON file sets, by key. @throws TaskError `config` that names the file and the key. */
export function readConfigFile(path: string, options: readonly Option[]): Map<string, unknown> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(path));
  if (!parsed.success) throw new TaskError('config', `${path}: expected a JSON object of options`);
  const known = new Set(options.filter((option) => settableBy(option, 'file')).map((option) => option.key));
  known.delete('config');
  const unknown = Object.keys(parsed.data).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw new TaskError('config', `${path}: unknown key "${unknown}"; known are ${[...known].join(', ')}`);
  }
  return new Map(Object.entries(parsed.data));
}

function parseJson(path: string): unknown {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new TaskError('config', `larger than ${MAX_BYTES} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TaskError('config', `the configuration file ${path} cannot be read`, { cause });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new TaskError('config', `the configuration file ${path} is not JSON`, { cause });
  }
}
