/**
 * Expressions without `(?i:…)`. V8 compiles in a simpler way when a process holds about a megabyte of compiled
 * expressions, and then `(?i:abc_x|abc_y|abc_z)` no longer matches capitals: three or more words that begin alike
 * (seen in V8 14.6, Node 26). This project has enough rules to reach that limit, and would silently miss secrets.
 * Classes of both cases do not have this defect.
 */

/** One item of an expression: an escape, a class, the beginning of a group, or a character. */
const ITEM =
  /\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|k<[^>]*>|[^])|\[(?:\\[^]|[^\]\\])*\]|\(\?i:|\((?:\?(?:<?[=!]|:|<[A-Za-z]+>))?|[^]/g;

/** The source of an expression with each `(?i:…)` written out: `[aA]` for a letter. */
export function explicitCase(source: string): string {
  if (!source.includes('(?i:')) return source;
  const groups: boolean[] = [];
  return source.replaceAll(ITEM, (item) => {
    const caseless = groups.at(-1) === true;
    if (item === ')') groups.pop();
    else if (item.startsWith('(')) {
      groups.push(caseless || item === '(?i:');
      return item === '(?i:' ? '(?:' : item;
    }
    if (!caseless) return item;
    if (item.startsWith('[')) return item.replaceAll(/(?<!\\)([a-z])-([a-z])|(?<!\\)[a-z]/gi, bothCases);
    const character = /^\\[xu]/.test(item) ? String.fromCharCode(Number.parseInt(item.slice(2), 16)) : item;
    return /^[a-z]$/i.test(character) ? `[${bothCases(character)}]` : item;
  });
}

/** A letter or a range of letters, in both cases. */
function bothCases(letters: string): string {
  return letters.toLowerCase() + letters.toUpperCase();
}
