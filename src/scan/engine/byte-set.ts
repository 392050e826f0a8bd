/** Sets of bytes as tables: a look-up in a loop costs a fraction of an expression's call. */

const tables = new Map<string, Uint8Array>();

/** Indexed by byte, 1 for those in a character class. @param of inside of the class, in latin1: `A-Za-z0-9_` */
export function bytesOfClass(of: string): Uint8Array {
  const known = tables.get(of);
  if (known !== undefined) return known;
  const member = new RegExp(`[${of}]`);
  const table = Uint8Array.from({ length: 256 }, (_, byte) =>
    member.test(String.fromCharCode(byte)) ? 1 : 0,
  );
  tables.set(of, table);
  return table;
}

/** The last run of such bytes that was measured in a memory. */
export interface Extent {
  /** Who measured it, and in which piece of which text. */
  owner: object | undefined;
  piece: number;
  from: number;
  to: number;
}

const extents = new WeakMap<Uint8Array, Extent>();

/** The last measured run of these bytes, one for each table. */
export function extentOf(table: Uint8Array): Extent {
  const known = extents.get(table);
  if (known !== undefined) return known;
  const made: Extent = { owner: undefined, piece: 0, from: 0, to: 0 };
  extents.set(table, made);
  return made;
}
