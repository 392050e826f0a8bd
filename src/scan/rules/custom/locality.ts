/**
 * Derives two properties of an expression's matches from its program: their maximum length, and whether each of
 * them must contain a keyword. With both, it need not run over a whole text, only around the places where a keyword
 * was found.
 *
 * A program is a graph: instructions that consume a character, and others that continue without one (Go's
 * `regexp/syntax.Prog`).
 */
import type { RE2JS } from 're2js';

/** Kinds of instructions, as the program numbers them. */
const ALT = 1;
const ALT_MATCH = 2;
const FAIL = 5;
const MATCH = 6;
const FIRST_RUNE = 8;
const RUNE_ANY = 10;

/** Number of nodes visited before the analysis gives up. */
const MAX_NODES = 500_000;

interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  /** One character, or ranges from the first to the last one. */
  readonly runes: ArrayLike<number>;
  matchRune(code: number): boolean;
}

/** Where a match can be, relative to the first keyword in it. */
export interface Reach {
  /** Maximum number of bytes from the match's beginning to the keyword's end. */
  readonly before: number;
  /** Maximum number of bytes after the keyword's end that are not `free`. */
  readonly after: number;
  /** Indexed by byte: 1 for bytes that a match may contain without limit. */
  readonly free: Uint8Array;
}

/**
 * Where the matches of an expression are, if each of them contains a keyword.
 * @param keywords in lower case; they match both cases
 * @returns undefined when there is a match without a keyword, or no limit
 */
export function reachOf(expression: RE2JS, keywords: readonly string[]): Reach | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the package types its program as `any`.
  const { inst, start }: { inst: readonly Instruction[]; start: number } = expression.re2().prog;
  if (keywords.length === 0 || keywords.some((keyword) => /[^\0-\x7f]/.test(keyword))) return undefined;
  const way = wayToKeyword(inst, start, keywords);
  if (way === undefined) return undefined;
  const { after, free } = wayToEnd(inst, way.ends);
  return { before: way.before, after, free };
}

function nextOf({ op, out, arg }: Instruction): readonly number[] {
  if (op === ALT || op === ALT_MATCH) return [out, arg];
  return op === MATCH || op === FAIL ? [] : [out];
}

function bytesOf({ op, arg, runes }: Instruction): number {
  if (op < FIRST_RUNE) return 0;
  if (op >= RUNE_ANY) return 4;
  const last = runes[runes.length - 1] ?? 0;
  // With case folding, some ASCII letters also match characters of up to three bytes.
  if (last < 0x80) return (arg & 1) === 0 ? 1 : 3;
  if (last < 0x800) return (arg & 1) === 0 ? 2 : 4;
  return last < 0x10000 && (arg & 1) === 0 ? 3 : 4;
}

/**
 * The longest path from the start to the end of a keyword, in bytes, and the instructions there. Undefined when a
 * match is reached without one, or when there is no longest path.
 */
function wayToKeyword(program: readonly Instruction[], start: number, keywords: readonly string[]) {
  const { letters, step, states } = wordsAutomaton(keywords);
  if (program.length * states > MAX_NODES) return undefined;
  const ends = new Set<number>();
  const takes = program.map((instruction) =>
    instruction.op < FIRST_RUNE ? undefined : takenBy(instruction, letters),
  );
  /** The successors of a node: an instruction with how much of a keyword precedes it. */
  const follow = (node: number): number[] => {
    const state = node % states;
    const at = (node - state) / states;
    const instruction = program[at];
    const taken = takes[at];
    if (instruction === undefined) return [];
    if (taken === undefined) return nextOf(instruction).map((one) => one * states + state);
    const next = taken.hasOthers ? [instruction.out * states] : [];
    for (const letter of taken.letters) {
      const after = step(state, letter);
      if (after === undefined) ends.add(instruction.out);
      else next.push(instruction.out * states + after);
    }
    return next;
  };
  const lengths = new Int32Array(program.length * states).fill(-1);
  const open = new Uint8Array(program.length * states);
  const stack: { readonly node: number; readonly next: number[]; length: number }[] = [];
  const enter = (node: number) => {
    open[node] = 1;
    stack.push({ node, next: follow(node), length: 0 });
  };
  enter(start * states);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const instruction = program[Math.floor(top.node / states)];
    if (instruction?.op === MATCH) return undefined;
    const next = top.next.at(-1);
    if (next === undefined) {
      lengths[top.node] = top.length + (instruction === undefined ? 0 : bytesOf(instruction));
      open[top.node] = 0;
      stack.pop();
    } else if (open[next] === 1) return undefined;
    else if (lengths[next] === -1) enter(next);
    else {
      top.length = Math.max(top.length, lengths[next] ?? 0);
      top.next.pop();
    }
  }
  return { before: lengths[start * states] ?? 0, ends };
}

/**
 * From these instructions to a match: the bytes on the longest path, without those of loops, and the bytes that
 * loops consume.
 */
function wayToEnd(program: readonly Instruction[], starts: Iterable<number>) {
  const loops = loopsOf(program, starts);
  const free = new Uint8Array(256);
  const lengths = new Map<number, number>();
  // Loops come after what they lead to, so everything behind one is known when it is processed.
  for (const loop of loops) {
    const members = new Set(loop);
    const isLoop = loop.some((at) => nextOf(instructionAt(program, at)).some((one) => members.has(one)));
    let length = 0;
    for (const at of loop) {
      const instruction = instructionAt(program, at);
      if (isLoop) addTaken(free, instruction);
      for (const one of nextOf(instruction)) length = Math.max(length, lengths.get(one) ?? 0);
    }
    const own = isLoop ? 0 : bytesOf(instructionAt(program, loop[0] ?? 0));
    for (const at of loop) lengths.set(at, length + own);
  }
  return { after: Math.max(0, ...[...starts].map((start) => lengths.get(start) ?? 0)), free };
}

function instructionAt(program: readonly Instruction[], at: number): Instruction {
  const instruction = program[at];
  if (instruction === undefined) throw new RangeError('an expression leads out of its program');
  return instruction;
}

/** Strongly connected instructions, each group after those that it leads to (Tarjan's algorithm). */
function loopsOf(program: readonly Instruction[], starts: Iterable<number>): number[][] {
  const found: number[][] = [];
  const numbers = new Map<number, number>();
  const lowest = new Map<number, number>();
  const held: number[] = [];
  const isHeld = new Set<number>();
  const stack: { readonly at: number; readonly next: number[] }[] = [];
  const enter = (at: number) => {
    numbers.set(at, numbers.size);
    lowest.set(at, numbers.size - 1);
    held.push(at);
    isHeld.add(at);
    stack.push({ at, next: [...nextOf(instructionAt(program, at))] });
  };
  const lower = (at: number, number = 0) => lowest.set(at, Math.min(lowest.get(at) ?? 0, number));
  for (const start of starts) {
    if (!numbers.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.next.pop();
      if (next !== undefined) {
        if (!numbers.has(next)) enter(next);
        else if (isHeld.has(next)) lower(top.at, numbers.get(next));
        continue;
      }
      stack.pop();
      const above = stack.at(-1);
      if (above !== undefined) lower(above.at, lowest.get(top.at));
      if (lowest.get(top.at) !== numbers.get(top.at)) continue;
      const loop = held.splice(held.indexOf(top.at));
      for (const at of loop) isHeld.delete(at);
      found.push(loop);
    }
  }
  return found;
}

/** Adds the bytes of the characters that an instruction consumes. */
function addTaken(bytes: Uint8Array, instruction: Instruction): void {
  if (instruction.op < FIRST_RUNE) return;
  const isAny = instruction.op >= RUNE_ANY;
  for (let byte = 0; byte < 0x80; byte += 1) if (isAny || instruction.matchRune(byte)) bytes[byte] = 1;
  const last = instruction.runes[instruction.runes.length - 1] ?? 0;
  if (isAny || last >= 0x80 || (instruction.arg & 1) === 1) bytes.fill(1, 0x80);
}

/** Which of the letters an instruction consumes, in either case, and whether it consumes anything else. */
function takenBy(instruction: Instruction, letters: readonly number[]) {
  const { op, runes } = instruction;
  if (op >= RUNE_ANY) return { letters, hasOthers: true };
  const taken: number[] = [];
  let own = 0;
  for (const letter of letters) {
    const forms = formsOf(letter).filter((form) => instruction.matchRune(form)).length;
    if (forms > 0) taken.push(letter);
    own += forms;
  }
  if (runes.length === 1) return { letters: taken, hasOthers: own === 0 };
  let all = 0;
  for (let index = 0; index < runes.length; index += 2)
    all += (runes[index + 1] ?? 0) - (runes[index] ?? 0) + 1;
  return { letters: taken, hasOthers: all > own };
}

/** The characters that fold to a lower-case letter: Unicode has a second k (kelvin) and a second s (long). */
function formsOf(letter: number): number[] {
  const text = String.fromCharCode(letter);
  const forms = [...new Set([letter, text.toUpperCase().charCodeAt(0)])];
  if (text === 'k') forms.push(0x212a);
  if (text === 's') forms.push(0x17f);
  return forms;
}

/** An automaton whose states say how much of a keyword precedes; `step` returns none when one is complete. */
function wordsAutomaton(keywords: readonly string[]) {
  const prefixes = [
    ...new Set(['', ...keywords.flatMap((word) => Array.from(word, (_, end) => word.slice(0, end)))]),
  ];
  const index = new Map(prefixes.map((prefix, number) => [prefix, number]));
  const letters = [
    ...new Set(keywords.flatMap((word) => Array.from(word, (letter) => letter.charCodeAt(0)))),
  ];
  const steps = new Map<number, number | undefined>();
  const step = (state: number, letter: number): number | undefined => {
    const key = state * 128 + letter;
    if (steps.has(key)) return steps.get(key);
    let text = (prefixes[state] ?? '') + String.fromCharCode(letter);
    const isComplete = keywords.some((word) => text.endsWith(word));
    while (!index.has(text)) text = text.slice(1);
    const next = isComplete ? undefined : index.get(text);
    steps.set(key, next);
    return next;
  };
  return { letters, step, states: prefixes.length };
}
