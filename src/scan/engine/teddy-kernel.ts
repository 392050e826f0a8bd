/**
 * The kernel: a WebAssembly function, generated for one set of words, that finds them in memory. Each tile of 4 KiB
 * goes through three phases, each a loop with few mispredicted branches: blocks with a candidate, candidates whose
 * hash is that of a word, comparison byte by byte. A single loop ran at 4.7 GB/s where the three run at 7.3.
 *
 * Phase 1 is Teddy (Wang et al., "Hyperscan", NSDI '19, section 5.1), which shifts masks instead of loading again.
 */
import {
  BLOCK_ENTRY,
  CANDIDATE_ENTRY,
  HASH_FACTOR,
  HIT_ENTRY,
  type HashTable,
  type Layout,
  DetailField,
  RECORD,
  RecordField,
  STEP,
  TILE,
} from './teddy-layout.ts';
import {
  type Code,
  type Local,
  Locals,
  assembleModule,
  block,
  br,
  br_if,
  callImport,
  i16x8,
  i32,
  i64,
  i8x16,
  loop,
  v128,
  when,
} from './wasm-assembler.ts';

export interface KernelShape {
  readonly layout: Layout;
  /** Size of a window, in bytes. */
  readonly width: number;
  /** Groups of eight buckets. */
  readonly groups: number;
  /**
   * Look bytes up without reducing them to their low half first, which is how `pshufb` on x64 works. Bytes above
   * 0x7f then give no match, so a position that lets them pass is looked up the plain way.
   */
  readonly relaxed: boolean;
  readonly letsHighBytesPass: (group: number, position: number) => boolean;
}

/**
 * The module: `run(start, end)` searches these addresses, calls `drain(end of hits)` whenever there are many hits,
 * and returns the end of those that remain.
 */
export function teddyKernel(shape: KernelShape): Uint8Array<ArrayBuffer> {
  const { layout } = shape;
  const locals = new Locals();
  const [position, end] = locals.parameters;
  const start = locals.new('i32');
  const hits = locals.new('i32');
  const phase1 = new BlockPhase(shape, locals);
  const listEnd = locals.new('i32');
  return assembleModule(locals, [
    start.set(position.get),
    hits.set(i32.const(layout.hits)),
    phase1.prologue(),
    block(
      loop(
        br_if(1, i32.ge_u(position.get, end.get)),
        phase1.body(position, end, listEnd),
        candidatePhase(layout, locals, listEnd),
        comparePhase(layout, locals, listEnd, start, end, hits),
        br(0),
      ),
    ),
    hits.get,
  ]);
}

/** Phase 1: writes (mask, address) of each step with a candidate. A bit of the mask is 0 where a window may end. */
class BlockPhase {
  readonly #shape: KernelShape;
  /** The masks of the plan, by group and position. */
  readonly #tables: readonly { readonly low: Local; readonly high: Local; readonly isWide: boolean }[][];
  /** The look-up results of the previous sixteen bytes at each position but the last. */
  readonly #previous: readonly (readonly Local[])[];
  /** The look-up results of these sixteen bytes. */
  readonly #current: readonly (readonly Local[])[];
  readonly #bytes: Local;
  readonly #lows: Local;
  readonly #highs: Local;
  readonly #buckets: Local;
  readonly #mask: Local;
  readonly #tileEnd: Local;

  constructor(shape: KernelShape, locals: Locals) {
    const { width, groups, relaxed, letsHighBytesPass } = shape;
    const perPosition = <T>(make: (group: number, position: number) => T) =>
      Array.from({ length: groups }, (_, group) => Array.from({ length: width }, (_, at) => make(group, at)));
    this.#shape = shape;
    this.#tables = perPosition((group, at) => ({
      low: locals.new('v128'),
      high: locals.new('v128'),
      isWide: !relaxed || letsHighBytesPass(group, at),
    }));
    this.#previous = perPosition(() => locals.new('v128'));
    this.#current = perPosition(() => locals.new('v128'));
    this.#bytes = locals.new('v128');
    this.#lows = locals.new('v128');
    this.#highs = locals.new('v128');
    this.#buckets = locals.new('v128');
    this.#mask = locals.new('i64');
    this.#tileEnd = locals.new('i32');
  }

  /** Before the first byte everything is possible: a window may begin before the word that it ends in. */
  prologue(): Code {
    const { layout } = this.#shape;
    const tables = this.#tables
      .flat()
      .map(({ low, high }, index) => [
        low.set(v128.load(i32.const(layout.masks + 32 * index))),
        high.set(v128.load(i32.const(layout.masks + 32 * index + 16))),
      ]);
    return [tables, this.#previous.flat().map((previous) => previous.set(v128.splat(0xff)))];
  }

  body(position: Local, end: Local, listEnd: Local): Code {
    const tileEnd = this.#tileEnd;
    const mask = this.#mask;
    return [
      tileEnd.set(i32.add(position.get, i32.const(TILE))),
      when(i32.gt_u(tileEnd.get, end.get), tileEnd.set(end.get)),
      listEnd.set(i32.const(this.#shape.layout.blocks)),
      loop(
        [0, 16, 32, 48].map((offset) => this.#sixteen(position, offset)),
        // Always stored, kept only if there is a candidate: no branch.
        i64.store(listEnd.get, mask.get),
        i32.store(listEnd.get, position.get, 8),
        listEnd.set(i32.add(listEnd.get, i32.mul(i64.ne(mask.get, i64.const(-1)), i32.const(BLOCK_ENTRY)))),
        br_if(0, i32.lt_u(position.tee(i32.add(position.get, i32.const(STEP))), tileEnd.get)),
      ),
    ];
  }

  #sixteen(position: Local, offset: number): Code {
    const bytes = this.#bytes;
    const isAnyWide = this.#tables.flat().some(({ isWide }) => isWide);
    const found = i64.extend_i32_u(i8x16.bitmask(i8x16.eq(this.#buckets.get, v128.splat(0))));
    return [
      bytes.set(v128.load(position.get, offset)),
      this.#highs.set(v128.and(i16x8.shr_u(bytes.get, i32.const(4)), v128.splat(0x0f))),
      isAnyWide ? this.#lows.set(v128.and(bytes.get, v128.splat(0x0f))) : [],
      this.#tables.map((_, group) => this.#group(group)),
      this.#mask.set(offset === 0 ? found : i64.or(this.#mask.get, i64.shl(found, i64.const(offset)))),
    ];
  }

  /** Which of a group's buckets have a window that ends at each byte. */
  #group(group: number): Code {
    const tables = this.#tables[group] ?? [];
    const current = this.#current[group] ?? [];
    const previous = this.#previous[group] ?? [];
    const { relaxed, width } = this.#shape;
    const lookUp = relaxed ? i8x16.relaxed_swizzle : i8x16.swizzle;
    const lookUps = tables.map(({ low, high, isWide }, at) => {
      const lows = isWide ? this.#lows.get : this.#bytes.get;
      return current[at]?.set(v128.and(lookUp(low.get, lows), lookUp(high.get, this.#highs.get))) ?? [];
    });
    const aligned = current.map((masks, at) => {
      const shift = width - 1 - at;
      const before = previous[at];
      if (shift === 0 || before === undefined) return masks.get;
      const picks = Array.from({ length: 16 }, (_, index) => 16 - shift + index);
      return i8x16.shuffle(picks, before.get, masks.get);
    });
    const all = aligned.reduce((left, right) => v128.and(left, right));
    return [
      lookUps,
      this.#buckets.set(group === 0 ? all : v128.or(this.#buckets.get, all)),
      previous.map((before, at) => (at < width - 1 ? before.set(current[at]?.get ?? []) : [])),
    ];
  }
}

/** Phase 2: spreads the masks to addresses, and keeps those whose hash is that of a word, with its first record. */
function candidatePhase(layout: Layout, locals: Locals, listEnd: Local): Code {
  const entry = locals.new('i32');
  const mask = locals.new('i64');
  const base = locals.new('i32');
  const windowEnd = locals.new('i32');
  const key = locals.new('i32');
  const record = locals.new('i32');
  const kept = locals.new('i32');
  const folded = i32.or(i32.load(i32.sub(windowEnd.get, i32.const(3))), i32.const(0x20202020));
  const narrow = i32.and(key.get, i32.const(-1 << (32 - 8 * layout.narrowBytes)));
  // Always stored, kept only if there is a record: no branch.
  const keep = (bytes: Code, { address, hashBits }: HashTable) => {
    const hash = i32.shr_u(i32.mul(bytes, i32.const(HASH_FACTOR)), i32.const(32 - hashBits));
    return [
      record.set(i32.load16_u(i32.shl(hash, i32.const(1)), address)),
      i32.store(kept.get, windowEnd.get),
      i32.store(kept.get, record.get, 4),
      kept.set(i32.add(kept.get, i32.shl(i32.ne(record.get, i32.const(0)), i32.const(3)))),
    ];
  };
  return [
    kept.set(i32.const(layout.candidates)),
    entry.set(i32.const(layout.blocks)),
    when(
      i32.ne(entry.get, listEnd.get),
      loop(
        mask.set(i64.xor(i64.load(entry.get), i64.const(-1))),
        base.set(i32.load(entry.get, 8)),
        loop(
          windowEnd.set(i32.add(base.get, i32.wrap_i64(i64.ctz(mask.get)))),
          mask.set(i64.and(mask.get, i64.sub(mask.get, i64.const(1)))),
          key.set(folded),
          keep(key.get, layout.wide),
          keep(narrow, layout.narrow),
          br_if(0, i64.ne(mask.get, i64.const(0))),
        ),
        br_if(0, i32.lt_u(entry.tee(i32.add(entry.get, i32.const(BLOCK_ENTRY))), listEnd.get)),
      ),
    ),
    listEnd.set(kept.get),
  ];
}

/**
 * Phase 3: compares each candidate with the words of its hash, and appends the matches to the hits. Four bytes at once tell almost
 * all of them apart: `key` alone has thirty words, and a comparison of all bytes of each took half of the kernel's time.
 */
function comparePhase(
  layout: Layout,
  locals: Locals,
  listEnd: Local,
  start: Local,
  end: Local,
  hits: Local,
): Code {
  const entry = locals.new('i32');
  const windowEnd = locals.new('i32');
  const record = locals.new('i32');
  const detail = locals.new('i32');
  const wordStart = locals.new('i32');
  const length = locals.new('i32');
  const index = locals.new('i32');
  const byteOf = (address: Code) => i32.load8_u(i32.add(address, index.get));
  const folded = i32.or(byteOf(wordStart.get), byteOf(i32.load(detail.get, DetailField.folds)));
  const checked = i32.load(i32.add(windowEnd.get, i32.load(record.get, RecordField.checkAt)));
  const isLikely = i32.eq(
    i32.or(checked, i32.load(record.get, RecordField.checkFolds)),
    i32.load(record.get, RecordField.check),
  );
  const compare = [
    // A detail is as long as a record.
    detail.set(i32.add(record.get, i32.const(layout.details - layout.records))),
    wordStart.set(i32.sub(windowEnd.get, i32.load16_u(detail.get, DetailField.windowEnd))),
    length.set(i32.load16_u(detail.get, DetailField.length)),
    block(
      br_if(0, i32.lt_u(wordStart.get, start.get)),
      br_if(0, i32.gt_u(i32.add(wordStart.get, length.get), end.get)),
      index.set(i32.const(0)),
      loop(
        br_if(1, i32.ne(folded, byteOf(i32.load(detail.get, DetailField.bytes)))),
        br_if(0, i32.lt_u(index.tee(i32.add(index.get, i32.const(1))), length.get)),
      ),
      i32.store(hits.get, wordStart.get),
      i32.store(hits.get, i32.load16_u(detail.get, DetailField.word), 4),
      when(
        i32.ge_u(hits.tee(i32.add(hits.get, i32.const(HIT_ENTRY))), i32.const(layout.hitsEnd)),
        callImport(hits.get),
        hits.set(i32.const(layout.hits)),
      ),
    ),
  ];
  return [
    entry.set(i32.const(layout.candidates)),
    when(
      i32.ne(entry.get, listEnd.get),
      loop(
        windowEnd.set(i32.load(entry.get)),
        record.set(i32.add(i32.const(layout.records), i32.mul(i32.load(entry.get, 4), i32.const(RECORD)))),
        loop(
          when(isLikely, ...compare),
          record.set(i32.add(record.get, i32.const(RECORD))),
          br_if(0, i32.load16_u(i32.sub(record.get, i32.const(RECORD)), RecordField.hasNext)),
        ),
        br_if(0, i32.lt_u(entry.tee(i32.add(entry.get, i32.const(CANDIDATE_ENTRY))), listEnd.get)),
      ),
    ),
  ];
}
