/** Options from environment variables. The environment itself is passed in. */
import { TaskError } from '../exit/task-error.ts';
import { nearest } from '../task/nearest.ts';
import { type Option, canonical, settableBy } from './options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options that the environment sets, by key. Lists are separated like `PATH`, or by the option's own separator; an empty variable counts as not set.
 * @throws TaskError `config` for a variable that has the program's prefix but names no option: otherwise, a typing error would
 *   have no effect.
 */
export function readEnvironment(
  env: Environment,
  program: string,
  options: readonly Option[],
): Map<string, unknown> {
  const settable = options.filter((option) => settableBy(option, 'environment'));
  const prefix = `${program.replaceAll('-', '_').toUpperCase()}_`;
  const known = new Set(settable.map((option) => option.variable));
  const unknown = Object.keys(env).find((name) => name.startsWith(prefix) && !known.has(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...known]);
    const remedy = meant === undefined ? `see ${program} help environment` : `did you mean ${meant}?`;
    throw new TaskError('config', `the environment variable ${unknown} sets no option; ${remedy}`);
  }
  const values = new Map<string, unknown>();
  for (const option of settable) {
    const text = env[option.variable];
    if (text !== undefined && text !== '') values.set(option.key, valueOf(option, text));
  }
  return values;
}

function valueOf(option: Option, text: string): unknown {
  if (option.type === 'list') return text.split(option.separator).filter((part) => part !== '');
  if (option.type !== 'boolean') return canonical(option, text);
  const known: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };
  return known[text.toLowerCase()] ?? text;
}
