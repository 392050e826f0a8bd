/**
 * Exceptions from the built-in rules: the allowlists at the top level of a file of rules. Those that look at the secret alone are asked
 * where it is known in plain, also if it was found in an encoded text; the others need the line around it.
 */
import type { Allowlist } from './allowlist.ts';
import { lineAround, textOf } from './line.ts';
import type { GlobalAllowlist } from './rule-set.ts';

/** An allowlist, compiled. */
export interface CompiledAllowlist {
  readonly data: GlobalAllowlist;
  readonly allows: Allowlist;
}

/** A secret that a built-in rule has found. Offsets are those of its bytes. */
export interface FoundSecret {
  /** The id of the rule. */
  readonly rule: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export class Exceptions {
  readonly #ofSecrets: readonly CompiledAllowlist[];
  readonly #ofLines: readonly CompiledAllowlist[];

  constructor(lists: readonly CompiledAllowlist[]) {
    this.#ofSecrets = lists.filter((list) => !needsLine(list));
    this.#ofLines = lists.filter(needsLine);
  }

  /** True when some exceptions depend on the line of a secret. */
  get needLines(): boolean {
    return this.#ofLines.length > 0;
  }

  /** @param secret one character per byte */
  permitSecret(rule: string, path: string, secret: string): boolean {
    const suspect = { path: slashed(path), textOf: () => Buffer.from(secret, 'latin1').toString() };
    return this.#ofSecrets.some((list) => concerns(list, rule) && list.allows(suspect));
  }

  permitInLine({ rule, path, bytes, start, end }: FoundSecret): boolean {
    const whole = { start, end };
    const suspect = {
      path: slashed(path),
      textOf: (target: GlobalAllowlist['regexTarget']) => {
        if (target === 'secret') return textOf(bytes, start, end);
        const line = lineAround(bytes, whole);
        return textOf(bytes, line.start, target === 'line' ? line.end : end);
      },
    };
    return this.#ofLines.some((list) => concerns(list, rule) && list.allows(suspect));
  }
}

function needsLine({ data: { regexes, regexTarget } }: CompiledAllowlist): boolean {
  return regexes.length > 0 && regexTarget !== 'secret';
}

function concerns({ data: { targets } }: CompiledAllowlist, rule: string): boolean {
  return targets.length === 0 || targets.includes(rule);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
