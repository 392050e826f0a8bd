/**
 * The fenced blocks of the documentation, and what the comment before a block says about it:
 * `<!-- not run: REASON -->`, `<!-- exit: CODE -->` or `<!-- file: NAME -->`.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Why the test does not run a block of commands, and what that means. */
export const reasons = {
  agent: 'needs a machine with the agent',
  root: 'changes a machine as root',
  macOS: 'needs a Mac',
  Windows: 'needs Windows',
  published: 'needs a published release or a server',
  checkout: 'is for a checkout, where it takes minutes',
  program: 'needs a program that not every machine has',
} as const;

export type Reason = keyof typeof reasons;

export interface Block {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Why it is not run. */
  readonly notRun?: Reason;
  /** The exit code that it ends with. */
  readonly exit: number;
  /** The file that it is the content of. */
  readonly file?: string;
}

const comment = /^\s*<!-- (not run|exit|file): (.+?) -->$/;
const fence = /^(\s*)```(\w*)$/;

/** The blocks of a page, in their order. @throws Error for a comment that is wrong */
export function blocksOf(page: string): Block[] {
  const lines = readFileSync(page, 'utf8').split('\n');
  const blocks: Block[] = [];
  let said: Partial<Block> = {};
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, kind, value = ''] = comment.exec(line) ?? [];
    const [, indent = '', language] = fence.exec(line) ?? [];
    if (kind !== undefined) said = { ...said, ...meaningOf(kind, value, `${page}:${at + 1}`) };
    else if (language !== undefined) {
      const end = lines.findIndex((other, index) => index > at && other === `${indent}\`\`\``);
      if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`);
      const text = lines
        .slice(at + 1, end)
        .map((inner) => inner.slice(indent.length))
        .join('\n');
      blocks.push({ exit: 0, ...said, page, line: at + 2, language, text: `${text}\n` });
      said = {};
      at = end;
    } else if (line.trim() !== '') {
      if (Object.keys(said).length > 0) throw new Error(`${page}:${at + 1}: a block must follow the comment`);
    }
  }
  return blocks;
}

function meaningOf(kind: string, value: string, place: string): Partial<Block> {
  if (kind === 'file') return { file: value };
  if (kind === 'exit' && /^\d+$/.test(value)) return { exit: Number(value) };
  const reason = Object.keys(reasons).find((name): name is Reason => name === value.split(',')[0]);
  if (kind === 'not run' && reason !== undefined) return { notRun: reason };
  throw new Error(`${place}: "${kind}: ${value}" is none of what page-blocks.ts knows`);
}

/** The pages for users: those in the root and in `docs/`. */
export function pages(): string[] {
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path));
  return [...readdirSync('.'), ...below].filter((path) => path.endsWith('.md')).toSorted();
}
