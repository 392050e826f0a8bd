/**
 * Reads a file of rules, and the files that it extends, into one set. What cannot be supported is rejected by name:
 * silently ignoring a rule would leave an unknown gap.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { TomlError, parse } from 'smol-toml';
import { shownKey } from '../../../host/platform/untrusted-json.ts';
import type { ReadInput } from '../../../host/platform/index.ts';
import { isForRelativePaths } from './absolute-path.ts';
import { type AllowlistEntry, type RuleEntry, RuleFile, unknownKeys, withKnownKeys } from './format.ts';
import {
  type AllowlistData,
  type GlobalAllowlist,
  type RequiredData,
  type RuleData,
  type RuleSet,
  refusal,
} from './rule-set.ts';

/** Maximum number of files in a chain of extensions. */
const MAX_FILES = 10;
/** Gitleaks' own rules take 100 kB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

interface Read {
  /** By id, in the order of the file. */
  readonly rules: ReadonlyMap<string, RuleData>;
  readonly allowlists: readonly GlobalAllowlist[];
}

/**
 * Reads the rules of a file.
 * @param builtIn ids of the built-in rules, for which a file may have exceptions
 * @param onWarning called with one line for each thing that is ignored
 * @throws TaskError `config` that names the file, the rule, what is wrong with it and the remedy
 */
export async function readRuleSet(
  path: string,
  builtIn: ReadonlySet<string>,
  readInput: ReadInput,
  onWarning: (text: string) => void,
): Promise<RuleSet> {
  const { rules, allowlists } = await readFile(path, [], { readInput, onWarning });
  if (rules.size === 0 && allowlists.length === 0) {
    throw refusal(
      path,
      'it contains no rules and no allowlists; add [[rules]] or [[allowlists]], or run without --rules',
    );
  }
  for (const { targets } of allowlists) {
    for (const id of targets.filter((target) => !rules.has(target) && !builtIn.has(target))) {
      onWarning(`${path}: an allowlist names rule "${id}", which does not exist`);
    }
  }
  const own = [...rules.values()].map((rule) => {
    checkRule(path, rule, rules);
    const targeted = allowlists.filter(({ targets }) => targets.includes(rule.id));
    return { ...rule, allowlists: [...rule.allowlists, ...targeted] };
  });
  return { path, file: basename(path), rules: own, allowlists };
}

/** How files are read, and where warnings go. */
interface Reading {
  readonly readInput: ReadInput;
  readonly onWarning: (text: string) => void;
}

async function readFile(path: string, extending: readonly string[], reading: Reading): Promise<Read> {
  const { readInput, onWarning } = reading;
  const file = await parseFile(path, readInput);
  for (const key of unknownKeys(file)) onWarning(`${path}: unknown key ${shownKey(key)} ignored`);
  const known = [...extending, realpathSync(path)];
  const base = await extendedBy(path, file, known, reading);
  const disabled = new Set(file.extend?.disabledRules);
  const rules = new Map([...(base?.rules ?? [])].filter(([id]) => !disabled.has(id)));
  const own = new Set<string>();
  for (const entry of file.rules) {
    const { id } = entry;
    if (own.has(id))
      onWarning(`${path}: rule "${id}" is defined more than once; the last definition is used`);
    const inherited = own.has(id) ? undefined : rules.get(id);
    rules.set(id, ruleOf(path, entry, inherited, onWarning));
    own.add(id);
  }
  const allowlists = [file.allowlist ?? [], file.allowlists].flat().map((entry) => {
    const targets = entry.targetRules;
    return { ...allowlistOf(path, 'the global allowlist', entry, onWarning), targets };
  });
  return { rules, allowlists: [...(base?.allowlists ?? []), ...allowlists] };
}

async function parseFile(path: string, readInput: ReadInput): Promise<RuleFile> {
  const text = (await readInput(path, { what: '--rules', maxBytes: MAX_FILE_BYTES })).toString('utf8');
  let value: unknown;
  try {
    value = withKnownKeys(parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    // The parser's message quotes the file.
    const place = error instanceof TomlError ? `: line ${error.line}, column ${error.column}` : '';
    throw refusal(path, `it is not valid TOML${place}`);
  }
  const result = RuleFile.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [section, index] = issue?.path ?? [];
  const rule = section === 'rules' && typeof index === 'number' ? ruleName(value, index) : '';
  const key = issue?.path.slice(rule === '' ? 0 : 2).join('.');
  throw refusal(path, `${rule}"${key}": ${issue?.message}`);
}

/** How an error names the rule with this index. */
function ruleName(value: unknown, index: number): string {
  const rules: unknown = Object(value).rules;
  const rule: unknown = Array.isArray(rules) ? rules[index] : undefined;
  const id: unknown = Object(rule).id;
  return typeof id === 'string' ? `rule "${id}": ` : `rule number ${index + 1}: `;
}

async function extendedBy(
  path: string,
  { extend }: RuleFile,
  known: readonly string[],
  reading: Reading,
): Promise<Read | undefined> {
  if (extend === undefined) return undefined;
  if (extend.useDefault) {
    throw refusal(
      path,
      "extend.useDefault is not supported, because gitleaks' own rules are not part of this program; download its default configuration, and name that file in extend.path or with --rules",
    );
  }
  if (extend.path === '') return undefined;
  const places = [...new Set([resolve(dirname(path), extend.path), resolve(extend.path)])];
  let base: string | undefined;
  for (const place of places) {
    if (base === undefined && (await reading.readInput.isThere(place, { what: '--rules' }))) base = place;
  }
  if (base === undefined) {
    const where = isAbsolute(extend.path) ? '' : ', neither next to this file nor in the working directory';
    throw refusal(path, `extend.path "${extend.path}" does not exist${where}`);
  }
  if (known.includes(realpathSync(base)))
    throw refusal(path, `extend.path "${extend.path}" extends this file again`);
  if (known.length === MAX_FILES) throw refusal(path, `more than ${MAX_FILES} files extend each other`);
  return readFile(base, known, reading);
}

/**
 * A rule; missing fields come from the rule with its id in the extended file, and lists are appended to those
 * there.
 */
function ruleOf(
  path: string,
  entry: RuleEntry,
  base: RuleData | undefined,
  onWarning: Reading['onWarning'],
): RuleData {
  const place = `rule "${entry.id}"`;
  const lists = [entry.allowlist ?? [], entry.allowlists].flat();
  return {
    id: entry.id,
    title: nonEmpty(entry.description) ?? base?.title ?? entry.id,
    regex: nonEmpty(entry.regex) ?? base?.regex,
    path: nonEmpty(entry.path) ?? base?.path,
    secretGroup: entry.secretGroup ?? base?.secretGroup ?? 0,
    entropy: entry.entropy ?? base?.entropy ?? 0,
    keywords: [...(base?.keywords ?? []), ...entry.keywords.filter((keyword) => keyword !== '')],
    isSilent: entry.skipReport ?? base?.isSilent ?? false,
    allowlists: [
      ...(base?.allowlists ?? []),
      ...lists.map((list) => allowlistOf(path, place, list, onWarning)),
    ],
    required: [...(base?.required ?? []), ...entry.required.map(requiredOf)],
  };
}

function requiredOf({ id, withinLines, withinColumns }: RuleEntry['required'][number]): RequiredData {
  return { id, withinLines, withinColumns };
}

function allowlistOf(
  path: string,
  place: string,
  entry: AllowlistEntry,
  onWarning: Reading['onWarning'],
): AllowlistData {
  const { condition, paths, regexes, regexTarget, stopwords, commits } = entry;
  if ([paths, regexes, stopwords, commits].every(({ length }) => length === 0)) {
    throw refusal(path, `${place}: an allowlist has no criteria; add commits, paths, regexes or stopwords`);
  }
  for (const expression of paths.filter(isForRelativePaths)) {
    onWarning(
      `${path}: ${place} allows the path "${expression}", which matches no absolute path; begin it with "/" or "(^|/)"`,
    );
  }
  return {
    condition: condition === 'AND' || condition === '&&' ? 'and' : 'or',
    paths,
    regexes,
    regexTarget: regexTarget === '' ? 'secret' : regexTarget,
    stopwords: stopwords.map((word) => word.toLowerCase()),
    hasCommits: commits.length > 0,
  };
}

function checkRule(path: string, { id, regex, path: paths, required }: RuleData, rules: Read['rules']): void {
  const place = `rule "${id}"`;
  if (regex === undefined && paths === undefined) {
    throw refusal(path, `${place} has neither regex nor path; add one, or remove the rule`);
  }
  for (const other of required) {
    if (rules.get(other.id)?.regex === undefined) {
      throw refusal(path, `${place} requires "${other.id}", but there is no such rule with a regex`);
    }
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
