/**
 * The corpus's texts: files of blocks that begin with `@ title key=value`, and placeholders in guillemets that are
 * filled in when a text is generated: `«hex 40»`, `«[A-F] 8»`, `«pick a|b»`, `«uuid»`, `«word»`, and those that the
 * caller provides.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALPHANUMERIC, BASE64, BASE64URL, CAPITALS, DIGITS, HEX, SMALL } from '../../fixtures/dice.ts';
import type { Random } from '../shared/random.ts';

export interface Block {
  readonly title: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The blocks of a file in this folder; the text before the first one is for people. */
export function blocksOf(file: string): readonly Block[] {
  return readFileSync(join(import.meta.dirname, file), 'utf8')
    .split(/^@ /m)
    .slice(1)
    .map((block) => {
      const [header = '', ...lines] = block.split('\n');
      const [title = '', ...settings] = header.split(/ (?=[a-z]+=)/);
      return {
        title,
        settings: Object.fromEntries(settings.map((setting) => setting.split(/=(.*)/s))),
        text: `${lines.join('\n').trimEnd()}\n`,
      };
    });
}

const ALPHABETS: Readonly<Record<string, string>> = {
  hex: HEX,
  HEX: HEX.toUpperCase(),
  alnum: ALPHANUMERIC,
  base64: BASE64,
  base64url: BASE64URL,
  digits: DIGITS,
  lower: SMALL,
  upper: CAPITALS,
  UPPER: CAPITALS + DIGITS,
};

const WORDS =
  'account address archive batch buffer channel cluster counter customer device event export filter gateway handler index invoice journal ledger listener mailbox message module monitor notify object order packet partner payment policy profile queue record region report request response route schedule search segment service session signal stream subject table target tenant thread ticket topic update upload vendor version window worker zone'.split(
    ' ',
  );
export const PROJECTS =
  'acme orders billing payroll inventory webshop atlas falcon nimbus kestrel portal crm intranet reporting'.split(
    ' ',
  );

/** This many characters of an alphabet. */
export function draw(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A text with its placeholders filled in, differently each time; `given` takes precedence. @throws RangeError */
export function expand(text: string, random: Random, given: Readonly<Record<string, string>> = {}): string {
  return text.replaceAll(/«([^«»]+)»/g, (whole, inside: string) => {
    if (given[inside] !== undefined) return given[inside];
    const [name = '', ...rest] = inside.split(' ');
    if (name === 'pick') return random.pick(rest.join(' ').split('|'));
    if (name === 'uuid') return [8, 4, 4, 4, 12].map((length) => draw(random, HEX, length)).join('-');
    if (name.toLowerCase() === 'word') {
      const word = random.pick(WORDS);
      return name === 'Word' ? capitalized(word) : word;
    }
    if (name.toLowerCase() === 'project') {
      const project = random.pick(PROJECTS);
      if (name === 'PROJECT') return project.toUpperCase();
      return name === 'Project' ? capitalized(project) : project;
    }
    const alphabet = ALPHABETS[name] ?? (name.startsWith('[') ? classMembers(name) : undefined);
    if (alphabet === undefined) throw new RangeError(`no placeholder ${whole}`);
    return draw(random, alphabet, Number(rest[0]));
  });
}

/** The characters of `[a-z0-9]`. */
function classMembers(text: string): string {
  const member = new RegExp(text);
  return Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index))
    .filter((character) => member.test(character))
    .join('');
}
