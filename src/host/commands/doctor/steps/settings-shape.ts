/** Where a setting is in a reply of Plugin Settings: the shape of the reply is not documented, and `doctor` shows which one it was. */

/** Depth of a reply that is searched, and entries that are looked at. */
const MAX_DEPTH = 16;
const MAX_ENTRIES = 10_000;

const nameKeys = /^(?:key|name|settingname)$/i;
const valueKeys = /^(?:value|settingvalue|effectivevalue)$/i;

/**
 * The path to a setting, for people: `Settings > [] > Broker.Host`. Names are compared without case and separators.
 * @param name such as `broker.host`
 * @returns undefined if it is not found
 */
export function placeOf(reply: unknown, name: string): string | undefined {
  const wanted = plain(name);
  let entries = 0;
  const search = (value: unknown, path: readonly string[]): readonly string[] | undefined => {
    entries += 1;
    if (entries > MAX_ENTRIES || path.length > MAX_DEPTH) return undefined;
    if (typeof value !== 'object' || value === null) return isNamed(path, wanted) ? path : undefined;
    for (const [key, child] of childrenOf(value)) {
      const found = search(child, [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(reply, [])?.join(' > ');
}

/** Members of an object with their names; of a pair of name and value, the value alone. */
function childrenOf(value: object): (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown) => ['[]', item]);
  const entries: [string, unknown][] = Object.entries(value);
  const name = entries.find(([key, child]) => nameKeys.test(key) && typeof child === 'string')?.[1];
  const pair = entries.find(([key]) => valueKeys.test(key));
  return typeof name === 'string' && pair !== undefined ? [[name, pair[1]]] : entries;
}

/** True if the innermost names are those of the setting. */
function isNamed(path: readonly string[], wanted: string): boolean {
  const names = path.filter((name) => name !== '[]' && !valueKeys.test(name)).map(plain);
  return names.some((_, at) => names.slice(at).join('') === wanted);
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
