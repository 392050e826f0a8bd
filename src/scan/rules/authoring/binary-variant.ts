/**
 * Rules for binaries, where strings are directly adjacent: after a constant of a compiled script comes the type of
 * the next one, before a value in a database row comes the previous value, and either may be a letter.
 */
import { withoutBeginning } from './boundaries.ts';
import type { Rule } from '../model/rule.ts';
import { checksummed62 } from '../validators/checksum.ts';

/** A count that cannot be mistaken for another, and then what must not follow. */
const END = /(?<=\{\d+\})\(\?!\[[^\]]*\]\)$/;

/**
 * The rule with an expression for such strings: letters may follow a secret whose length is fixed, and precede one
 * whose checksum rules out chance.
 */
export function withBinaryVariant(rule: Rule): Rule {
  const { source, flags } = rule.pattern;
  const open = source.replace(END, '');
  const variant = rule.validate === checksummed62 ? withoutBeginning(open) : open;
  return variant === source ? rule : { ...rule, binaryVariant: new RegExp(variant, flags) };
}
