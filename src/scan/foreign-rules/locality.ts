/**
 * What an expression's program gives away about its matches: how long they can be, and whether each of them must hold a
 * keyword. With both, it need not run over a whole text, only around the places where a keyword was found.
 *
 * A program is a graph: instructions that take a character, and others that lead on at once (Go's `regexp/syntax.Prog`).
 */
import type { RE2JS } from 're2js';

/** Kinds of instructions, as the program numbers them. */
const ALT = 1;
const ALT_MATCH = 2;
const FAIL = 5;
const MATCH = 6;
const FIRST_RUNE = 8;
const RUNE_ANY = 10;

/** Nodes that are looked at before nothing is said. */
const MOST_NODES = 500_000;

interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  /** One character, or ranges from the first to the last one. */
  readonly runes: ArrayLike<number>;
  matchRune(code: number): boolean;
}

/**
 * How many bytes a match can have at most, if each match holds a keyword. Keywords are in small letters and stand for both
 * cases.
 * @returns undefined when there is no bound, or a match without a keyword.
 */
export function boundAroundKeywords(expression: RE2JS, keywords: readonly string[]): number | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the package types its program as `any`.
  const { inst, start }: { inst: readonly Instruction[]; start: number } = expression.re2().prog;
  if (keywords.some((keyword) => /[^\0-\x7f]/.test(keyword))) return undefined;
  const length = longestMatch(inst, start);
  return Number.isFinite(length) && needsKeyword(inst, start, keywords) ? length : undefined;
}

function nextOf({ op, out, arg }: Instruction): readonly number[] {
  if (op === ALT || op === ALT_MATCH) return [out, arg];
  return op === MATCH || op === FAIL ? [] : [out];
}

/** Bytes of UTF-8. */
function longestMatch(program: readonly Instruction[], start: number): number {
  const lengths = new Map<number, number>();
  const open = new Set<number>();
  // Without recursion: a program may be as long as the stack is deep.
  const stack = [start];
  while (stack.length > 0) {
    const at = stack.at(-1) ?? 0;
    const instruction = program[at];
    if (instruction === undefined || lengths.has(at)) {
      stack.pop();
      continue;
    }
    const next = nextOf(instruction);
    if (!open.has(at)) {
      open.add(at);
      for (const one of next) {
        if (open.has(one)) return Infinity;
        if (!lengths.has(one)) stack.push(one);
      }
      continue;
    }
    open.delete(at);
    stack.pop();
    lengths.set(at, bytesOf(instruction) + Math.max(0, ...next.map((one) => lengths.get(one) ?? 0)));
  }
  return lengths.get(start) ?? 0;
}

function bytesOf({ op, arg, runes }: Instruction): number {
  if (op < FIRST_RUNE) return 0;
  if (op >= RUNE_ANY) return 4;
  const last = runes[runes.length - 1] ?? 0;
  // Some ASCII letters are also written with characters of up to three bytes, where cases are folded.
  if (last < 0x80) return (arg & 1) === 0 ? 1 : 3;
  if (last < 0x800) return (arg & 1) === 0 ? 2 : 4;
  return last < 0x10000 && (arg & 1) === 0 ? 3 : 4;
}

/** Whether no way through the program leads to a match without having written a keyword. */
function needsKeyword(program: readonly Instruction[], start: number, keywords: readonly string[]): boolean {
  const { letters, step, states } = wordsAutomaton(keywords);
  if (program.length * states > MOST_NODES) return false;
  const seen = new Uint8Array(program.length * states);
  const stack = [start * states];
  const taken = new Map<number, { readonly letters: readonly number[]; readonly hasOthers: boolean }>();
  while (stack.length > 0) {
    const node = stack.pop() ?? 0;
    if (seen[node] === 1) continue;
    seen[node] = 1;
    const state = node % states;
    const at = (node - state) / states;
    const instruction = program[at];
    if (instruction === undefined || instruction.op === FAIL) continue;
    if (instruction.op === MATCH) return false;
    if (instruction.op < FIRST_RUNE) {
      for (const one of nextOf(instruction)) stack.push(one * states + state);
      continue;
    }
    const takes = taken.get(at) ?? takenBy(instruction, letters);
    taken.set(at, takes);
    if (takes.hasOthers) stack.push(instruction.out * states);
    for (const letter of takes.letters) {
      const next = step(state, letter);
      if (next !== undefined) stack.push(instruction.out * states + next);
    }
  }
  return true;
}

/** Which of the letters an instruction takes, in either case, and whether it takes anything else. */
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

/** What folding cases makes of a small letter: Unicode has a second k (kelvin) and a second s (long). */
function formsOf(letter: number): number[] {
  const text = String.fromCharCode(letter);
  const forms = [...new Set([letter, text.toUpperCase().charCodeAt(0)])];
  if (text === 'k') forms.push(0x212a);
  if (text === 's') forms.push(0x17f);
  return forms;
}

/** An automaton whose states say how much of a keyword was written last; `step` gives none once one is complete. */
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
