/**
 * The labelled corpus: texts that contain one credential each, and texts that contain none. A seed gives the same
 * ones on every machine, except for the kinds that contain a real key, which is new each time.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { plantable } from '../../fixtures/tokens.ts';
import { Random } from '../shared/random.ts';
import { encoded } from './encodings.ts';
import { type Kind, assignedKinds, passwordOf, ruleKinds } from './kinds.ts';
import { ofProject, styled } from './names.ts';
import { negatives } from './negatives.ts';
import { type Block, blocksOf, expand } from './texts.ts';
import { HOLDERS, type Value } from './values.ts';

/** Lines and columns count from 1, columns in UTF-16 code units; the end is that of the character after the last one. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Labelled {
  /** Where it counts: a family of rules, a group, or a kind of negatives. */
  readonly family: string;
  /** The rule that must find it; undefined when any rule will do, and for a negative. */
  readonly rule: string | undefined;
  /** A description of it, without any part of the secret. */
  readonly title: string;
  /** Below the corpus, with forward slashes; its first part is the label's number and unique to the text. */
  readonly path: string;
  readonly content: Buffer;
  /** The secret's position; undefined for a negative. */
  readonly place: Place | undefined;
}

/** Number of examples per rule: enough for all rules together to have this many. */
const OF_RULES = 1800;
const LEAST_OF_RULE = 6;
const OF_ASSIGNED = 420;
const OF_SYNTAX = 7;
/** One in this many examples of a kind uses its own texts. */
const OWN_IN = 5;
const NEUTRAL_IN = 3;

/** Everything that a seed generates: at least 3,000 of each label. */
export async function makeCorpus(seed: string): Promise<readonly Labelled[]> {
  return [...(await positives(seed)), ...negatives(seed)];
}

/** Writes a corpus to a folder of its own, and replaces the previous contents. */
export function writeCorpus(root: string, corpus: readonly Labelled[]): void {
  rmSync(root, { recursive: true, force: true });
  for (const { path, content } of corpus) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** The kinds that contain a key which is new each time. */
export function isNewEachTime(kind: string): boolean {
  return plantable(kind) !== plantable(kind);
}

async function positives(seed: string): Promise<Labelled[]> {
  const syntaxes = blocksOf('syntaxes.txt');
  const general = syntaxes.filter(({ settings }) => settings['for'] === undefined);
  const ofRules = await ruleKinds();
  const each = Math.max(LEAST_OF_RULE, Math.ceil(OF_RULES / ofRules.length));
  const made: Labelled[] = [];
  const add = (kind: Kind, count: number, choices: readonly Block[]) => {
    const random = new Random(
      `${seed}/${kind.family}/${kind.id}/${choices.length === 1 ? choices[0]?.title : ''}`,
    );
    for (let index = 0; index < count; index += 1)
      made.push(positive(kind, choices, `p${made.length}`, random));
  };
  for (const kind of ofRules) add(kind, each, general);
  for (const kind of assignedKinds) add(kind, OF_ASSIGNED, general);
  for (const syntax of syntaxes) {
    const { for: group } = syntax.settings;
    if (group !== undefined) add(passwordOf(group), OF_SYNTAX, [syntax]);
  }
  return made;
}

function positive(kind: Kind, syntaxes: readonly Block[], number: string, random: Random): Labelled {
  const fitting = syntaxes.filter(({ settings }) =>
    settings['names'] === undefined
      ? kind.standsAlone || settings['for'] !== undefined
      : kind.names.length > 0,
  );
  if (kind.texts.length > 0 && (fitting.length === 0 || random.below(OWN_IN) === 0)) {
    const { text, secret, file, place } = random.pick(kind.texts)(random);
    return labelled(kind, `${kind.id}, ${place}`, number, file ?? 'notes.txt', text, secret, random);
  }
  for (;;) {
    const { title, settings, text } = random.pick(fitting);
    const value = held(kind, settings['value'] ?? 'bare', random);
    if (value === undefined) continue;
    const name =
      settings['names'] === undefined
        ? ''
        : styled(ofProject(random.pick(kind.names), kind.projectIn, random), settings['names'], random);
    // The text before the value may contain the value as well: a name could.
    const mark = '\uf8ff';
    const around = expand(text, random, { name, value: mark });
    const isNeutral = settings['for'] === undefined && random.below(NEUTRAL_IN) === 0;
    const file = isNeutral ? 'notes.txt' : (settings['file'] ?? 'notes.txt').replace('*', 'main');
    const whole = around.replace(mark, () => value.text);
    const what = [kind.id, value.sort, title, name].filter((part) => part !== '').join(' | ');
    return labelled(kind, what, number, file, whole, value.text, random, around.indexOf(mark));
  }
}

/** A value that a syntax can contain, as it is written there; undefined when there is none in a few draws. */
function held(kind: Kind, holder: string, random: Random): Value | undefined {
  const hold = HOLDERS[holder];
  if (hold === undefined) throw new RangeError(`no way to hold a value: ${holder}`);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { text, sort } = kind.make(random);
    const written = hold(text);
    if (written !== undefined) return { text: written, sort };
  }
  return undefined;
}

function labelled(
  { family, rule }: Kind,
  what: string,
  number: string,
  file: string,
  text: string,
  secret: string,
  random: Random,
  index = text.indexOf(secret),
): Labelled {
  const { encoding, bytes } = encoded(text, random);
  return {
    family,
    rule,
    title: encoding === 'UTF-8' ? what : `${what} | ${encoding}`,
    path: posix.join(number, file),
    content: bytes,
    place: { ...positionAt(text, index), ...endOf(positionAt(text, index + secret.length)) },
  };
}

function positionAt(text: string, index: number): { line: number; column: number } {
  const lines = text.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function endOf({ line, column }: { line: number; column: number }) {
  return { endLine: line, endColumn: column };
}
