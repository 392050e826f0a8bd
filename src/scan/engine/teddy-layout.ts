/**
 * The layout of the kernel's memory, and the tables in it: masks, hash table, words. The addresses are built into
 * the kernel, so layout and kernel are made for the same words and the same plan.
 */
import { halvesOf } from './halves.ts';
import type { Plan } from './plan.ts';
import { type Word, foldOf, wordAt } from './word.ts';

/** Bytes that one step of the kernel reads. */
export const STEP = 64;
/** Bytes that one round of the three phases covers. Its candidates stay in the first-level cache. */
export const TILE = 4096;
/** Bytes of one entry in each list, and of one word's record. */
export const BLOCK_ENTRY = 16;
export const CANDIDATE_ENTRY = 8;
export const HIT_ENTRY = 8;
export const RECORD = 16;
const DETAIL = 16;
/** Maximum number of stored hits before the host must take them. */
const HITS = 4096;
/** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
export const HASH_FACTOR = 0x9e3779b1;
/** Bytes that the kernel hashes at once. */
export const WIDE_HASH_BYTES = 4;
/** The unit in which WebAssembly's memory grows, in bytes. */
const PAGE = 65_536;

/** By hash of the bytes up to a window's end: the number of the first record, or 0. Two bytes each. */
export interface HashTable {
  readonly address: number;
  readonly hashBits: number;
}

export interface Layout {
  /** Two vectors of 16 bytes per position of a group's window: for low halves of a byte, and for high ones. */
  readonly masks: number;
  /** For words with `WIDE_HASH_BYTES` bytes up to their window's end. */
  readonly wide: HashTable;
  /** For all others. */
  readonly narrow: HashTable;
  /** How many bytes at the end of a window go into the hash of the narrow table: those that every window has. */
  readonly narrowBytes: number;
  /** Records and their details, see `RecordField` and `DetailField`; number 0 is none. */
  readonly records: number;
  readonly details: number;
  /** Phase 1 writes here, phase 2 reads. */
  readonly blocks: number;
  /** Phase 2 writes here, phase 3 reads. */
  readonly candidates: number;
  /** Phase 3 writes here: offset of a word's first byte, and the word's index, four bytes each. */
  readonly hits: number;
  readonly hitsEnd: number;
  /** The area for texts. */
  readonly data: number;
  readonly pages: number;
}

/** How far from its window's last byte a word's `check` may be, in bytes. */
const MAX_CHECK_DISTANCE = 60;
const CHECK_BYTES = 4;

/**
 * Offsets in a record: what is needed to see that a word does not match. Records of words with the same hash lie one after the other,
 * so that none waits for the one before it to be read.
 */
export const RecordField = {
  /** Four bytes of the word, and the bits to set in four bytes of a text before they are compared. */
  check: 0,
  checkFolds: 4,
  /** From the window's last byte to the first of these bytes. Four bytes, signed. */
  checkAt: 8,
  /** 1 if the next record belongs to the same hash. Two bytes. */
  hasNext: 12,
} as const;

/** Offsets in the rest of a record, which is needed when those four bytes are equal. */
export const DetailField = {
  /** Address of the word's bytes. */
  bytes: 0,
  /** Address of the bits to set in a byte of the text before it is compared. */
  folds: 4,
  /** These have two bytes. */
  length: 8,
  /** From the word's first byte to its window's last. */
  windowEnd: 10,
  word: 12,
} as const;

export function layOut(words: readonly Word[], { width, groups, windows }: Plan, capacity: number): Layout {
  let end = 0;
  const take = (size: number) => {
    const place = end;
    end = Math.ceil((end + size) / 16) * 16;
    return place;
  };
  const tableFor = (count: number): HashTable => {
    const hashBits = Math.min(16, Math.max(8, Math.ceil(Math.log2(count * 32))));
    return { address: take(2 << hashBits), hashBits };
  };
  const literals = words.reduce((sum, { bytes }) => sum + 2 * bytes.length, 0);
  const masks = take(groups * width * 32);
  const wideWords = windows.filter(({ start }) => hasWideHash(start + width - 1)).length;
  const wide = tableFor(wideWords);
  const narrow = tableFor(words.length - wideWords);
  const records = take((words.length + 1) * RECORD);
  const details = take((words.length + 1) * DETAIL + literals);
  const blocks = take((TILE / STEP + 1) * BLOCK_ENTRY);
  const candidates = take((2 * (TILE + STEP) + 1) * CANDIDATE_ENTRY);
  const hits = take((HITS + 1) * HIT_ENTRY);
  // From an address below one page, the longest word extends below zero.
  const data = Math.max(PAGE, Math.ceil(end / PAGE) * PAGE);
  return {
    masks,
    wide,
    narrow,
    narrowBytes: words.reduce((least, { bytes }) => Math.min(least, bytes.length), width),
    records,
    details,
    blocks,
    candidates,
    hits,
    hitsEnd: hits + HITS * HIT_ENTRY,
    data,
    pages: Math.ceil((data + capacity + STEP + MAX_CHECK_DISTANCE + CHECK_BYTES) / PAGE),
  };
}

/** Whether bytes above 0x7f may pass at this position of a group's windows. */
export function letsHighBytesPass(
  words: readonly Word[],
  plan: Plan,
  group: number,
  position: number,
): boolean {
  return plan.windows.some(
    ({ bucket, start }, index) =>
      bucket >> 3 === group && halvesOf(wordAt(words, index), start + position).high > 0xff,
  );
}

/** Writes the tables into zeroed memory. */
export function fillTables(memory: Uint8Array, words: readonly Word[], plan: Plan, layout: Layout): void {
  fillMasks(memory, words, plan, layout);
  const view = new DataView(memory.buffer);
  const places = plan.windows
    .map(({ start }, index) => {
      const word = wordAt(words, index);
      const windowEnd = start + plan.width - 1;
      const isWide = hasWideHash(windowEnd);
      const { address, hashBits } = isWide ? layout.wide : layout.narrow;
      const hash = hashOf(word.bytes, windowEnd, isWide ? WIDE_HASH_BYTES : layout.narrowBytes, hashBits);
      return { index, word, windowEnd, slot: address + 2 * hash };
    })
    .sort((a, b) => a.slot - b.slot || a.index - b.index);
  let literals = layout.details + (words.length + 1) * DETAIL;
  for (const [order, { index, word, windowEnd, slot }] of places.entries()) {
    const number = order + 1;
    const { bytes } = word;
    const check = checkOf(word, windowEnd, plan.width);
    const record = layout.records + number * RECORD;
    if (view.getUint16(slot, true) === 0) view.setUint16(slot, number, true);
    view.setUint32(record + RecordField.check, check.bytes, true);
    view.setUint32(record + RecordField.checkFolds, check.folds, true);
    view.setInt32(record + RecordField.checkAt, check.at, true);
    view.setUint16(record + RecordField.hasNext, places[order + 1]?.slot === slot ? 1 : 0, true);
    const detail = layout.details + number * DETAIL;
    view.setUint32(detail + DetailField.bytes, literals, true);
    view.setUint32(detail + DetailField.folds, literals + bytes.length, true);
    view.setUint16(detail + DetailField.length, bytes.length, true);
    view.setUint16(detail + DetailField.windowEnd, windowEnd, true);
    view.setUint16(detail + DetailField.word, index, true);
    memory.set(bytes, literals);
    memory.set(
      bytes.map((_, at) => foldOf(word, at)),
      literals + bytes.length,
    );
    literals += 2 * bytes.length;
  }
}

function fillMasks(
  memory: Uint8Array,
  words: readonly Word[],
  { windows, width }: Plan,
  { masks }: Layout,
): void {
  for (const [index, { bucket, start }] of windows.entries()) {
    const word = wordAt(words, index);
    for (let position = 0; position < width; position += 1) {
      const table = masks + ((bucket >> 3) * width + position) * 32;
      const { low, high } = halvesOf(word, start + position);
      for (let half = 0; half < 16; half += 1) {
        const bit = 1 << (bucket & 7);
        if ((low >> half) & 1) memory[table + half] = (memory[table + half] ?? 0) | bit;
        if ((high >> half) & 1) memory[table + 16 + half] = (memory[table + 16 + half] ?? 0) | bit;
      }
    }
  }
}

/** Whether a word has enough bytes up to its window's last one, at this offset, for the wide hash. */
export function hasWideHash(windowEnd: number): boolean {
  return windowEnd + 1 >= WIDE_HASH_BYTES;
}

/**
 * Four bytes of a word that tell it from most words with the same window: those that have the most bytes outside of it. A
 * shorter word allows anything in the places that it lacks.
 */
function checkOf(
  word: Word,
  windowEnd: number,
  width: number,
): { readonly at: number; readonly bytes: number; readonly folds: number } {
  const first = Math.max(0, windowEnd - MAX_CHECK_DISTANCE);
  const last = Math.min(windowEnd + MAX_CHECK_DISTANCE, word.bytes.length - CHECK_BYTES);
  let start = first;
  let least = Infinity;
  for (let at = first; at <= last; at += 1) {
    const common = Math.min(at + CHECK_BYTES - 1, windowEnd) - Math.max(at, windowEnd - width + 1) + 1;
    if (Math.max(0, common) < least) [start, least] = [at, Math.max(0, common)];
  }
  let bytes = 0;
  let folds = 0;
  for (let index = 0; index < CHECK_BYTES; index += 1) {
    const byte = word.bytes[start + index];
    bytes |= (byte ?? 0xff) << (8 * index);
    folds |= (byte === undefined ? 0xff : foldOf(word, start + index)) << (8 * index);
  }
  return { at: start - windowEnd, bytes: bytes >>> 0, folds: folds >>> 0 };
}

/**
 * The hash of the bytes that end at `end`. All bytes are folded, so that both cases of a letter give the same
 * hash.
 */
function hashOf(bytes: Uint8Array, end: number, count: number, hashBits: number): number {
  let key = 0;
  for (let back = 0; back < count; back += 1) {
    key |= ((bytes[end - back] ?? 0) | 0x20) << (24 - 8 * back);
  }
  return Math.imul(key, HASH_FACTOR) >>> (32 - hashBits);
}
