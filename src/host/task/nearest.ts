/** Suggestions for words that are mistyped. */

/** Characters of a word that are compared: the time grows with their square. */
const MAX_CHARS = 50;

/** The known word that a mistyped one probably stands for; undefined if none is close enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.slice(0, MAX_CHARS);
  const plain = plainSpelling(typed);
  const same = known.find((candidate) => plainSpelling(candidate) === plain);
  if (same !== undefined) return same;
  const most = Math.max(1, Math.floor(typed.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, edits: edits(plain, plainSpelling(candidate)) }))
    .filter(({ edits: count }) => count <= most)
    .toSorted((one, other) => one.edits - other.edits);
  if (best !== undefined) return best.candidate;
  const longer =
    plain.length < 3 ? [] : known.filter((candidate) => plainSpelling(candidate).startsWith(plain));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `maxDuration`, `max_duration` and `max-duration` are the same. */
function plainSpelling(word: string): string {
  return word.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function edits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
