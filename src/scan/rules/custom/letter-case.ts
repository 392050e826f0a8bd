/**
 * Lower case as Go's `strings.ToLower` makes it, by which gitleaks compares keywords: character by character, each to one
 * other. `İ` becomes `i`, the sign for kelvin `k`.
 */

/** A text in lower case. */
export function lowerCase(text: string): string {
  return Array.from(text, lowerOf).join('');
}

/** JavaScript makes two characters of `İ`. */
function lowerOf(character: string): string {
  const [first = ''] = character.toLowerCase();
  return first;
}

/** The last code point that has a lower case is below this. */
const CODE_POINTS = 0x1f000;

/** By character in lower case: those beyond ASCII of which it is the lower case. */
let capitals: ReadonlyMap<string, readonly string[]> | undefined;

function capitalsOf(small: string): readonly string[] {
  capitals ??= Map.groupBy(
    Array.from({ length: CODE_POINTS - 0x80 }, (_, index) => String.fromCodePoint(index + 0x80)).filter(
      (character) => lowerOf(character) !== character,
    ),
    lowerOf,
  );
  return capitals.get(small) ?? [];
}

/** Maximum number of spellings that are searched for. */
const MAX_SPELLINGS = 256;

/**
 * All spellings of a keyword, except that an ASCII letter in lower case stands for both cases. Of a keyword with too many, only
 * its beginning: it occurs wherever the keyword does.
 */
export function spellingsOf(keyword: string): string[] {
  let spellings = [''];
  for (const small of lowerCase(keyword)) {
    const forms = [small, ...capitalsOf(small)];
    if (spellings.length * forms.length > MAX_SPELLINGS) break;
    spellings = spellings.flatMap((spelling) => forms.map((form) => spelling + form));
  }
  return spellings;
}
