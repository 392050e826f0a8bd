/**
 * JSON from outside. Parses it without quoting it. A parser's message quotes the text around a mistake, which may be a secret; these errors
 * contain only the position.
 */

/** The text is not JSON. The message gives the place of the first mistake, if the parser names it. */
class NoJson extends Error {
  override readonly name = 'NoJson';
}

/**
 * Parses JSON; a byte order mark at the start is ignored.
 * @throws NoJson without a cause, because the cause would quote the text
 */
export function parseJson(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new NoJson(placeOf(error, json));
  }
}

/** V8 reports the position as an offset, or not at all if the text ends too early. */
function placeOf(error: unknown, text: string): string {
  const offset = /at position (\d+)/.exec(String(error))?.[1];
  if (offset === undefined) return 'it has a syntax error or ends too early';
  const before = text.slice(0, Number(offset)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The value of a key of an object, in any case; undefined if it is not an object or has no such key. */
export function valueOf(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  const wanted = key.toLowerCase();
  return Object.entries(object).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/**
 * An unknown key for an error message: quoted if it looks like the name of an option, which no token does; otherwise only its
 * length.
 */
export function shownKey(key: string): string {
  return /^[A-Za-z]{1,24}(?:\.[A-Za-z]{1,24}){0,3}$/.test(key) ? `"${key}"` : `(of ${key.length} characters)`;
}
