/** The rules as data, for the commands that list, show and test them. */
import type { RuleDescription } from '../model/finding.ts';
import type { RuleEntry, RuleWithoutMatch } from '../model/rule-entry.ts';
import { type Rule, allRules, familiesOfRules, isOfKind, rulePath } from '../rules/index.ts';
import { KeywordSet } from './keyword-set.ts';

/** All rules, by id; custom ones last. */
export function ruleCatalogue(custom: readonly RuleDescription[], areAlone: boolean): RuleEntry[] {
  const families = familiesOfRules();
  const builtIn = areAlone ? [] : allRules.map((rule) => entryOf(rule, families.get(rule.id) ?? ''));
  const known = new Set(builtIn.map(({ id }) => id));
  const own = custom.filter(({ id }) => !known.has(id));
  return [
    ...builtIn.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    ...own.map((rule): RuleEntry => ({
      ...rule,
      family: 'custom',
      confidence: 'medium',
      kind: 'custom',
      keywords: [],
    })),
  ];
}

function entryOf(rule: Rule, family: string): RuleEntry {
  const { id, title, severity, remediation, source, confidence = 'high', keywords, files } = rule;
  return {
    id,
    title,
    family,
    severity,
    confidence,
    kind: kindOf(rule),
    keywords,
    ...(files !== undefined && { files: filesOf(files) }),
    remediation,
    source,
  };
}

function kindOf({ follows, files }: Rule): RuleEntry['kind'] {
  if (follows !== undefined) return 'contextual';
  return files === undefined ? 'keyword' : 'file';
}

function filesOf({ names = [], extensions = [], folders = [] }: NonNullable<Rule['files']>): string[] {
  return [
    ...names,
    ...extensions.map((extension) => `*.${extension}`),
    ...folders.map((folder) => `${folder}/*`),
  ];
}

/**
 * The built-in rules whose keywords occur in a text, but which did not match. Contextual rules come last: their keywords are names of
 * vendors, which occur in many texts.
 * @param text one character per byte
 * @param path of its file
 * @param matched ids of the rules that matched
 */
export function rulesWithoutMatch(
  text: string,
  path: string,
  matched: ReadonlySet<string>,
): RuleWithoutMatch[] {
  const place = rulePath(path);
  const rules = allRules.filter(
    ({ id, keywords, files }) =>
      !matched.has(id) && keywords.length > 0 && (files === undefined || isOfKind(files, place)),
  );
  const present = new KeywordSet(rules.flatMap(({ keywords }) => keywords)).in(text);
  const small = text.toLowerCase();
  const found = rules.flatMap((rule): RuleWithoutMatch[] => {
    // The names of contextual rules are found in any case.
    const isCaseless = rule.caseless === true || rule.follows !== undefined;
    for (const keyword of rule.keywords) {
      if (!present.has(keyword.toLowerCase())) continue;
      const at = isCaseless ? small.indexOf(keyword.toLowerCase()) : text.indexOf(keyword);
      if (at !== -1) return [{ id: rule.id, kind: kindOf(rule), keyword, line: lineAt(text, at) }];
    }
    return [];
  });
  const isLate = ({ kind }: RuleWithoutMatch) => Number(kind === 'contextual');
  return found.toSorted((one, other) => isLate(one) - isLate(other) || one.line - other.line);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
