/**
 * The rules' fixtures: for each family of `src/scan/rules/families/` a folder with `ok.*`, texts in which a rule finds its
 * secret, and `ng.*`, texts in which no rule finds anything. Secrets are made when they are asked for, so that no scanner
 * trips over this folder:
 *
 *     @ digitalocean-personal-token
 *     DO_TOKEN=[[dop_v1_{{hex 64}}]]
 *
 * A line that begins with `@` begins an example. In `ok.*` it says the rule, and perhaps `file=NAME`, `severity=…`,
 * `confidence=…`; the secret stands in `[[` and `]]`. In `ng.*` it says why nothing is to be found, and perhaps `file=NAME`
 * before that. `{{hex 64}}` stands for so many characters, `{{[A-Z2-7] 16}}` for those of a class, other names are in
 * `makers.ts`; `{{ x }}` is text. `{{line}}` is a line break that an example ends or begins with.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ALPHANUMERIC, BASE32, BASE64, BASE64URL, CAPITALS, DIGITS, Dice, HEX, SMALL } from '../dice.ts';
import { makers } from './makers.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

export interface Example {
  readonly family: string;
  /** `digitalocean/ok.txt:12`. */
  readonly place: string;
  /** What stands after the `@`, without settings: the rule, or the reason. */
  readonly title: string;
  /** The name of the file that the text needs; else any does. */
  readonly file: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** The whole text, and the secret in it: empty for an example of `ng.*`. */
  readonly make: (dice: Dice) => { readonly text: string; readonly secret: string };
  /** The text with this secret, its other placeholders as they are the first time. */
  readonly around: (secret: string) => string;
}

/** All examples of one sort. */
export function examplesOf(sort: 'ok' | 'ng'): readonly Example[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: family }) =>
      readdirSync(`${folder}${family}`)
        .filter((file) => file.startsWith(`${sort}.`))
        .flatMap((file) => parse(family, file, readFileSync(`${folder}${family}/${file}`, 'utf8'))),
    );
}

/** The first example of each rule. */
export function firstExamples(): ReadonlyMap<string, Example> {
  return new Map(
    examplesOf('ok')
      .toReversed()
      .map((example) => [example.title, example]),
  );
}

function parse(family: string, file: string, text: string): Example[] {
  let line = 1;
  return text.split(/^(?=@ )/m).flatMap((block) => {
    const place = `${family}/${file}:${line}`;
    line += block.split('\n').length - 1;
    if (!block.startsWith('@ ')) return [];
    const [header = '', ...lines] = block.split('\n');
    const settings: Record<string, string> = {};
    const title = header
      .slice(2)
      .replaceAll(/(?:^|\s)(file|severity|confidence)=(\S+)/g, (_, name: string, value: string) => {
        settings[name] = value;
        return '';
      })
      .trim();
    return [example(family, place, title, settings, lines.join('\n').trimEnd())];
  });
}

function example(
  family: string,
  place: string,
  title: string,
  settings: Readonly<Record<string, string>>,
  template: string,
): Example {
  const [before = '', secret = '', after = ''] = template.split(/\[\[(?!\])|\]\](?!\])/);
  const rest = (dice: Dice, made: string) => ({
    text: expand(before, dice) + made + expand(after, dice),
    secret: made,
  });
  return {
    family,
    place,
    title,
    settings,
    file: settings['file'],
    make: (dice) => rest(dice, expand(secret, dice)),
    around: (made) => rest(new Dice(`around/${place}`), made).text,
  };
}

const ALPHABETS: Readonly<Record<string, string>> = {
  hex: HEX,
  HEX: HEX.toUpperCase(),
  alnum: ALPHANUMERIC,
  lower: SMALL,
  upper: CAPITALS,
  digits: DIGITS,
  base32: BASE32,
  base64: BASE64,
  base64url: BASE64URL,
};

/** Each placeholder replaced, from left to right. */
function expand(template: string, dice: Dice): string {
  let made = '';
  for (const part of template.split(/(\{\{[^{} ][^{}]*\}\})/)) {
    if (!/^\{\{[^{} ][^{}]*\}\}$/.test(part)) {
      made += part;
      continue;
    }
    const [name = '', ...words] = part.slice(2, -2).split(' ');
    const length = Number(words[0]);
    const alphabet = ALPHABETS[name] ?? (name.startsWith('[') ? classMembers(name) : undefined);
    if (name === 'line') made += '\n';
    else if (alphabet !== undefined) made += run(dice, alphabet, length);
    else if (makers[name] !== undefined) made += makers[name](dice, words, made);
    else throw new RangeError(`no placeholder ${part}`);
  }
  return made;
}

/** Long runs of letters of both cases and digits have some of each, as random ones nearly always do. */
function run(dice: Dice, alphabet: string, length: number): string {
  return length >= 12 && alphabet.startsWith(ALPHANUMERIC)
    ? dice.mixed(alphabet, length)
    : dice.draw(alphabet, length);
}

/** `[A-F0-9_-]` as its characters. */
function classMembers(text: string): string {
  const member = new RegExp(text);
  return Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index))
    .filter((character) => member.test(character))
    .join('');
}
