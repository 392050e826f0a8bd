/**
 * Gitleaks' rule format (version 8, TOML) as its documentation describes it. Unknown keys are reported, not
 * rejected.
 */
import * as z from 'zod';
import { someText } from '../../../host/task/text-schemas.ts';

const texts = z.array(z.string()).default([]);

const Allowlist = z.looseObject({
  id: z.string().optional(),
  description: z.string().optional(),
  condition: z
    .string()
    .default('OR')
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(['OR', '||', '', 'AND', '&&'], 'expected "OR" or "AND"')),
  commits: texts,
  paths: texts,
  regexes: texts,
  regexTarget: z
    .enum(['', 'secret', 'match', 'line'], 'expected "secret", "match" or "line"')
    .default('secret'),
  stopwords: texts,
});

const GlobalAllowlist = Allowlist.extend({ targetRules: texts });

const Required = z.looseObject({
  id: z.string(),
  withinLines: z.int().min(0).optional(),
  withinColumns: z.int().min(0).optional(),
});

const Rule = z.looseObject({
  id: someText(),
  description: z.string().optional(),
  regex: z.string().optional(),
  path: z.string().optional(),
  secretGroup: z.int().min(0).optional(),
  entropy: z.number().min(0).optional(),
  keywords: texts,
  tags: texts,
  skipReport: z.boolean().optional(),
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).default([]),
  required: z.array(Required).default([]),
});

export const RuleFile = z.looseObject({
  title: z.string().optional(),
  description: z.string().optional(),
  minVersion: z.string().optional(),
  extend: z
    .looseObject({
      path: z.string().default(''),
      useDefault: z.boolean().default(false),
      disabledRules: texts,
    })
    .optional(),
  rules: z.array(Rule).default([]),
  allowlist: GlobalAllowlist.optional(),
  allowlists: z.array(GlobalAllowlist).default([]),
});

export type RuleFile = z.output<typeof RuleFile>;
export type RuleEntry = RuleFile['rules'][number];
export type AllowlistEntry = z.output<typeof Allowlist>;

/** The keys in a file that the format does not define, each with its table: `rules.secretgroup`. */
export function unknownKeys(file: RuleFile): string[] {
  const found = new Set<string>();
  const look = (value: object, schema: z.ZodObject, place: string) => {
    for (const key of Object.keys(value)) if (!(key in schema.shape)) found.add(`${place}${key}`);
  };
  const lookAtAllowlists = (lists: readonly object[], schema: z.ZodObject, place: string) => {
    for (const list of lists) look(list, schema, place);
  };
  look(file, RuleFile, '');
  if (file.extend !== undefined) look(file.extend, RuleFile.shape.extend.unwrap(), 'extend.');
  lookAtAllowlists([file.allowlist ?? [], file.allowlists].flat(), GlobalAllowlist, 'allowlists.');
  for (const rule of file.rules) {
    look(rule, Rule, 'rules.');
    lookAtAllowlists([rule.allowlist ?? [], rule.allowlists].flat(), Allowlist, 'rules.allowlists.');
    lookAtAllowlists(rule.required, Required, 'rules.required.');
  }
  return [...found];
}

const keys = new Map(
  [RuleFile, RuleFile.shape.extend.unwrap(), Rule, GlobalAllowlist, Required].flatMap(({ shape }) =>
    Object.keys(shape).map((key) => [key.toLowerCase(), key]),
  ),
);

/**
 * The value of a file with the keys as the format writes them: gitleaks reads them in any case. Where a table has one of them
 * twice, the one in another case stays, and is unknown.
 */
export function withKnownKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKnownKeys);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const known = new Map<string, unknown>();
  for (const [key, of] of Object.entries(value)) {
    const name = keys.get(key.toLowerCase()) ?? key;
    known.set(name !== key && (name in value || known.has(name)) ? key : name, withKnownKeys(of));
  }
  return Object.fromEntries(known);
}
