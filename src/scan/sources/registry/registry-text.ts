/** The values of a key as rules know them: an environment as its variables, any other key as in an export (`.reg`). */
import type { SourceEntry } from '../things/source-text.ts';
import type { RegistryKey, RegistryValue } from './reg-query.ts';

/** Characters of a value's name that are part of a place. */
const MAX_NAME_CHARS = 200;
/** For rules: the names of files with such a content. */
const EXPORT = 'registry:export.reg';
const VARIABLES = 'registry:environment';

/** @param placeOf the place of a value of this name */
export function registryText(
  { path, values }: RegistryKey,
  placeOf: (name: string | undefined) => string,
): { readonly path: string; readonly entries: readonly SourceEntry[] } {
  const isEnvironment = path.endsWith('\\Environment');
  const lines = values.flatMap((value) => {
    const text = isEnvironment ? `${value.name}=${value.data}` : exported(value);
    const name = value.name === '' ? undefined : value.name.slice(0, MAX_NAME_CHARS);
    return text === undefined ? [] : [{ text, place: placeOf(name), count: 1 }];
  });
  if (isEnvironment) return { path: VARIABLES, entries: lines };
  return { path: EXPORT, entries: [{ text: `[${path}]`, place: placeOf(undefined), count: 1 }, ...lines] };
}

/** A line of an export; undefined for a number. */
function exported({ name, type, data }: RegistryValue): string | undefined {
  const before = name === '' ? '@=' : `"${escaped(name)}"=`;
  if (type === 'REG_BINARY') {
    return `${before}hex:${(data.match(/[0-9A-Fa-f]{2}/g) ?? []).join(',').toLowerCase()}`;
  }
  return /^REG_(?:EXPAND_|MULTI_)?SZ$/.test(type) ? `${before}"${escaped(data)}"` : undefined;
}

function escaped(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`);
}
