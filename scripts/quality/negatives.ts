/**
 * Texts without secrets that resemble those with secrets: values that are not secret in the syntaxes of the
 * positives, documents of many kinds, vendors' tokens that are truncated or broken.
 */
import { loadTools } from '../../src/scan/task-build.ts';
import { plantable, plantableKinds } from '../../fixtures/tokens.ts';
import { Random } from '../shared/random.ts';
import type { Labelled } from './corpus.ts';
import { encoded } from './encodings.ts';
import { KEY_NAMES, type Name, PASSWORD_NAMES, SECRET_NAMES, ofProject, styled } from './names.ts';
import { type Block, blocksOf, expand } from './texts.ts';

const { allRules } = await loadTools();

/** Number of texts for each value in `crossed.txt`, and for each text in `documents.txt`. */
const OF_VALUE = 7;
const OF_DOCUMENT = 10;
/** Number of texts for the names of all vendors, and the minimum for each. */
const OF_VENDORS = 400;
const LEAST_OF_VENDOR = 4;
/** Number of broken tokens: of all kinds, and the minimum for each. */
const OF_BROKEN = 200;
const LEAST_OF_KIND = 1;
const NEUTRAL_IN = 3;

const NAMES = [...PASSWORD_NAMES, ...SECRET_NAMES, ...KEY_NAMES];

export function negatives(seed: string): readonly Labelled[] {
  const random = new Random(`${seed}/negatives`);
  const syntaxes = namingSyntaxes();
  const texts = [
    ...crossed(syntaxes, random),
    ...besideVendors(syntaxes, random),
    ...documents(random),
    ...broken(random),
  ];
  return texts.map(({ family, title, file, text }, index): Labelled => {
    const { encoding, bytes } = encoded(text, random);
    return {
      family,
      rule: undefined,
      title: encoding === 'UTF-8' ? title : `${title} | ${encoding}`,
      path: `n${index}/${file}`,
      content: bytes,
      place: undefined,
    };
  });
}

interface Text {
  readonly family: string;
  readonly title: string;
  readonly file: string;
  readonly text: string;
}

/** The texts in which a value is next to its name. */
function namingSyntaxes(): readonly Block[] {
  return blocksOf('syntaxes.txt').filter(
    ({ settings }) => settings['names'] !== undefined && settings['for'] === undefined,
  );
}

function fileOf({ settings }: Block, random: Random): string {
  return random.below(NEUTRAL_IN) === 0
    ? 'notes.txt'
    : (settings['file'] ?? 'notes.txt').replace('*', 'main');
}

/** A value that is not secret, in some syntax. */
function assigned(
  family: string,
  template: string,
  name: Name,
  syntaxes: readonly Block[],
  random: Random,
): Text {
  const syntax = random.pick(syntaxes);
  const written = styled(name, syntax.settings['names'] ?? '', random);
  return {
    family,
    title: `${template} | ${syntax.title} | ${written}`,
    file: fileOf(syntax, random),
    text: expand(syntax.text, random, { name: written, value: expand(template, random) }),
  };
}

function* crossed(syntaxes: readonly Block[], random: Random): Generator<Text, void, undefined> {
  for (const { title: family, text } of blocksOf('negatives/crossed.txt')) {
    for (const line of text.trimEnd().split('\n')) {
      const [own, template = ''] = line.includes(' => ') ? line.split(' => ') : [undefined, line];
      for (let index = 0; index < OF_VALUE; index += 1) {
        const name = own?.split(' ') ?? ofProject(random.pick(NAMES), 3, random);
        yield assigned(family, template, name, syntaxes, random);
      }
    }
  }
}

function* besideVendors(syntaxes: readonly Block[], random: Random): Generator<Text, void, undefined> {
  const vendors = [...new Set(allRules.map(({ id }) => id.split('-')[0] ?? ''))];
  const [{ title: family, text } = { title: '', text: '' }] = blocksOf('negatives/vendors.txt');
  const lines = text.trimEnd().split('\n');
  const each = Math.max(LEAST_OF_VENDOR, Math.ceil(OF_VENDORS / vendors.length));
  for (const vendor of vendors) {
    for (let index = 0; index < each; index += 1) {
      const [name = '', value = ''] = random.pick(lines).replaceAll('VENDOR', vendor).split(' => ');
      yield assigned(family, value, name.split(' '), syntaxes, random);
    }
  }
}

function* documents(random: Random): Generator<Text, void, undefined> {
  for (const block of blocksOf('negatives/documents.txt')) {
    const [family = '', title = ''] = block.title.split(': ');
    for (let index = 0; index < OF_DOCUMENT; index += 1)
      yield { family, title, file: fileOf(block, random), text: expand(block.text, random) };
  }
}

/** Characters that no token contains. */
const ILLEGAL = ['\u2026', '!', '\u00e9', ' '];

function* broken(random: Random): Generator<Text, void, undefined> {
  const sentences = [
    'The key TOKEN was revoked.',
    'see TOKEN',
    '- `TOKEN`',
    'log: TOKEN seen',
    'a, TOKEN, b',
  ];
  const each = Math.max(LEAST_OF_KIND, Math.ceil(OF_BROKEN / plantableKinds.length));
  for (const kind of plantableKinds) {
    for (let index = 0; index < each; index += 1) {
      const token = plantable(kind, `${random.next()}`);
      const short = token.slice(0, 12);
      const isCut = random.below(2) === 0;
      // When it is broken near its beginning, the rest has no prefix, and the part before it is too short.
      const body = isCut ? short : short + random.pick(ILLEGAL) + token.slice(13, 17);
      yield {
        family: 'broken tokens',
        title: `${kind}, ${isCut ? 'cut short' : 'an illegal character'}`,
        file: 'notes.txt',
        text: `${random.pick(sentences).replace('TOKEN', () => body)}\n`,
      };
    }
  }
}
