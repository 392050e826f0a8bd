/**
 * Texts with nothing to find that resemble those with something: values that are no secret in the syntaxes of the
 * positives, documents of many sorts, vendors' tokens that are cut short or broken.
 */
import { plantable, plantableKinds } from '../../test/tokens.ts';
import { Random } from '../shared/random.ts';
import type { Labelled } from './corpus.ts';
import { encoded } from './encodings.ts';
import { KEY_NAMES, PASSWORD_NAMES, SECRET_NAMES, ofProject, styled } from './names.ts';
import { type Block, blocksOf, expand } from './texts.ts';

/** Of each value in `crossed.txt`, and of each text in `documents.txt`. */
const OF_VALUE = 7;
const OF_DOCUMENT = 10;
const OF_KIND = 4;
const NEUTRAL_IN = 3;

const NAMES = [...PASSWORD_NAMES, ...SECRET_NAMES, ...KEY_NAMES];

export function negatives(seed: string): readonly Labelled[] {
  const random = new Random(`${seed}/negatives`);
  const texts = [...crossed(random), ...documents(random), ...broken(random)];
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

function fileOf({ settings }: Block, random: Random): string {
  return random.below(NEUTRAL_IN) === 0
    ? 'notes.txt'
    : (settings['file'] ?? 'notes.txt').replace('*', 'main');
}

function* crossed(random: Random): Generator<Text, void, undefined> {
  const syntaxes = blocksOf('syntaxes.txt').filter(
    ({ settings }) => settings['names'] !== undefined && settings['for'] === undefined,
  );
  for (const { title: family, text } of blocksOf('negatives/crossed.txt')) {
    for (const line of text.trimEnd().split('\n')) {
      const [own, template = ''] = line.includes(' => ') ? line.split(' => ') : [undefined, line];
      for (let index = 0; index < OF_VALUE; index += 1) {
        const syntax = random.pick(syntaxes);
        const words = own?.split(' ') ?? ofProject(random.pick(NAMES), 3, random);
        const name = styled(words, syntax.settings['names'] ?? '', random);
        const value = expand(template, random);
        yield {
          family,
          title: `${template} | ${syntax.title} | ${name}`,
          file: fileOf(syntax, random),
          text: expand(syntax.text, random, { name, value }),
        };
      }
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

/** Characters that no token has. */
const ILLEGAL = ['\u2026', '!', '\u00e9', ' '];

function* broken(random: Random): Generator<Text, void, undefined> {
  const sentences = [
    'The key TOKEN was revoked.',
    'see TOKEN',
    '- `TOKEN`',
    'log: TOKEN seen',
    'a, TOKEN, b',
  ];
  for (const kind of plantableKinds) {
    for (let index = 0; index < OF_KIND; index += 1) {
      const token = plantable(kind, `${random.next()}`);
      const short = token.slice(0, 12);
      const isCut = index % 2 === 0;
      // Broken near its beginning, what is left behind has no prefix, and what is before is too short.
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
