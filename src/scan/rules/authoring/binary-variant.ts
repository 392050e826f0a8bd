/**
 * Rules for binaries, where strings stand side by side: after a constant of a compiled script comes the type of the next one,
 * before a value in a row of a database the value before it, and either may be a letter.
 */
import { BEFORE } from './builders.ts';
import type { Rule } from '../model/rule.ts';
import { checksummed62 } from '../validators/checksum.ts';

/** A count that cannot be taken for another, and then what may not follow. */
const END = /(?<=\{\d+\})\(\?!\[[^\]]*\]\)$/;
/** What may not come before. */
const BEGINNING = /^\(\?<!\[[^\]]*\]\)/;

/**
 * The rule with an expression for such strings: letters may follow a secret whose length says where it ends, and come
 * before one whose checksum rules out chance.
 */
export function withBinaryVariant(rule: Rule): Rule {
  const { source, flags } = rule.pattern;
  const open = source.replace(END, '');
  const variant = rule.validate === checksummed62 ? withoutBeginning(open) : open;
  return variant === source ? rule : { ...rule, binaryVariant: new RegExp(variant, flags) };
}

function withoutBeginning(source: string): string {
  return source.startsWith(BEFORE) ? source.slice(BEFORE.length) : source.replace(BEGINNING, '');
}
