/** The name of the file in a compressed file, which has no other than that of the compressed file without its ending. */

const endings: readonly (readonly [RegExp, string])[] = [
  [/\.(?:tgz|tbz2?|tb2|txz|tlz|tzst|tlz4)$/i, '.tar'],
  [/\.svgz$/i, '.svg'],
  [/\.(?:gz|bz2?|xz|lzma|lz|zst|br|lz4|z)$/i, ''],
];

/** @param name of the compressed file, with or without folders before it */
export function compressedName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  for (const [ending, instead] of endings) {
    const inner = base.replace(ending, instead);
    if (inner !== base && inner !== '') return inner;
  }
  return base;
}
