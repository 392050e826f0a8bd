/**
 * What the positives contain: each rule's credential as the tests generate it, and passwords, secrets and keys that
 * no rule's author has seen.
 */
import { type Rule, loadTools } from '../../src/scan/task-build.ts';
import { type Example, examplesOf } from '../../fixtures/rules/fixtures.ts';
import { Dice, makerKinds, plantable, planted } from '../../fixtures/tokens.ts';
import { Random } from '../shared/random.ts';
import { KEY_NAMES, type Name, PASSWORD_NAMES, SECRET_NAMES, wordsOf } from './names.ts';
import { type Value, passwordValue, secretValue } from './values.ts';

const { allRules, ruleFamilies } = await loadTools();

export interface Kind {
  /** Where it counts: a family of rules, or a separate group. */
  readonly family: string;
  readonly id: string;
  /** The rule that must find it; undefined when any rule will do. */
  readonly rule: string | undefined;
  readonly make: (random: Random) => Value;
  /** Names that identify it, as far as they are known. */
  readonly names: readonly Name[];
  /** How often a name begins with that of a project: one in this many. */
  readonly projectIn: number;
  /** It is recognized without a name next to it. */
  readonly standsAlone: boolean;
  /** Texts specific to this kind. */
  readonly texts: readonly ((random: Random) => OwnText)[];
}

export interface OwnText {
  readonly text: string;
  readonly secret: string;
  readonly file: string | undefined;
  readonly place: string;
}

/** One kind for each rule, by family. */
export async function ruleKinds(): Promise<readonly Kind[]> {
  const examples = Map.groupBy(examplesOf('ok'), ({ title }) => title);
  const kinds: Kind[] = [];
  for (const [family, ids] of await ruleFamilies()) {
    for (const rule of allRules)
      if (ids.has(rule.id)) kinds.push(ruleKind(family, rule, examples.get(rule.id) ?? []));
  }
  // A rule without fixtures yet.
  return kinds.filter(({ texts }) => texts.length > 0);
}

function ruleKind(family: string, rule: Rule, examples: readonly Example[]): Kind {
  const { id, keywords, files } = rule;
  const texts = examples.map((example) => (random: Random): OwnText => ({
    ...example.make(dice(random)),
    file: example.file,
    place: example.place,
  }));
  if (makerKinds.includes(id))
    texts.push((random) => {
      const secret = plantable(id, String(random.next()));
      return { text: planted(id, secret), secret, file: undefined, place: 'as planted' };
    });
  // The letters that a token begins with do not depend on the seed.
  const made = texts.map((text) => text(new Random('first')));
  const holdsKeyword = ({ secret }: OwnText) =>
    keywords.some((keyword) => secret.toLowerCase().includes(keyword.toLowerCase()));
  const standsAlone = files === undefined && made.length > 0 && made.every(holdsKeyword);
  const found = made.flatMap(({ text, secret }) => {
    const name = nameBefore(text, text.indexOf(secret));
    return name === undefined ? [] : [name];
  });
  const isTelling = (name: Name) =>
    [name.join(''), name.join('_')].some((text) =>
      keywords.some((keyword) => text.includes(keyword.toLowerCase())),
    );
  const telling = files === undefined ? found.filter(isTelling) : [];
  return {
    family,
    id,
    rule: id,
    make: (random) => ({ text: random.pick(texts)(random).secret, sort: 'as planted' }),
    names: standsAlone ? [wordsOf(id), ...SECRET_NAMES, ...KEY_NAMES] : telling,
    projectIn: 4,
    standsAlone,
    texts,
  };
}

function dice(random: Random): Dice {
  return new Dice(String(random.next()));
}

/** The words of the name to which a value at `index` is assigned, if any. */
function nameBefore(text: string, index: number): Name | undefined {
  const before = text.slice(Math.max(0, index - 120), index);
  const [, name] =
    /(?:name|key)["']?\s{0,4}[:=]\s{0,4}["']?([\w.:-]+)["']?,?\s{1,24}["']?value["']?\s{0,4}[:=]\s{0,4}["']?$/i.exec(
      before,
    ) ??
    /([A-Za-z][\w.-]*)["'`\\\])]{0,4}(?::?\s{0,4}(?:string|String|str))?\s{0,4}(?::=|=>|<-|[=:,>])\s{0,4}["'`\\]{0,2}$/.exec(
      before,
    ) ??
    [];
  const words = wordsOf(name ?? '');
  const isName = words.length > 0 && words.length < 8 && !/\d.*\d/.test(words.join());
  return isName ? words : undefined;
}

const assigned = { rule: undefined, projectIn: 2, standsAlone: false, texts: [] } as const;

/** Values without a format, assigned to the names that people use for them. */
export const assignedKinds: readonly Kind[] = [
  { ...assigned, family: '(assigned passwords)', id: 'password', make: passwordValue, names: PASSWORD_NAMES },
  { ...assigned, family: '(assigned secrets)', id: 'secret', make: secretValue, names: SECRET_NAMES },
  { ...assigned, family: '(assigned keys)', id: 'key', make: secretValue, names: KEY_NAMES },
];

/** Passwords with a syntax of their own: `for` in `syntaxes.txt`. */
export function passwordOf(group: string): Kind {
  return { ...assigned, family: `(${group})`, id: 'password', make: passwordValue, names: [] };
}
