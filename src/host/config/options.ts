/** Options as flags, variables and keys, derived from a zod schema. */
import { delimiter } from 'node:path';
import * as z from 'zod';

/** Where a value may come from. */
export type OptionSource = 'flag' | 'environment' | 'file';

/** One option, as its schema describes it. */
export interface Option {
  /** camelCase: the key in the configuration and in its file. */
  readonly key: string;
  /** kebab-case, without dashes in front. */
  readonly flag: string;
  readonly variable: string;
  /** What separates the values of a list in the variable. */
  readonly separator: string;
  readonly type: 'boolean' | 'text' | 'list' | 'object';
  readonly description: string;
  /** The value's name in `--help`: `file`. */
  readonly placeholder: string | undefined;
  /** Also settable as `-q`. */
  readonly letter: string | undefined;
  /** The heading in `--help` that it belongs below. */
  readonly group: string | undefined;
  /** One of the few options that `-h` shows. */
  readonly isBrief: boolean;
  readonly choices: readonly string[] | undefined;
  /** For `--help`; undefined if there is none worth showing. */
  readonly defaultText: string | undefined;
  readonly positional: boolean;
  /** The sources that may set it; undefined for all. */
  readonly only: readonly OptionSource[] | undefined;
}

/** The part of `z.toJSONSchema`'s output for a key that is used here. */
const Property = z.looseObject({
  type: z.enum(['boolean', 'string', 'integer', 'number', 'array', 'object']),
  description: z.string(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  placeholder: z.string().optional(),
  letter: z.string().length(1).optional(),
  group: z.string().optional(),
  brief: z.boolean().default(false),
  positional: z.boolean().default(false),
  environment: z.string().optional(),
  separator: z.string().default(delimiter),
  only: z.array(z.enum(['flag', 'environment', 'file'])).optional(),
});

const types = {
  boolean: 'boolean',
  string: 'text',
  integer: 'text',
  number: 'text',
  array: 'list',
  object: 'object',
} as const;

/**
 * The options of a schema.
 * @param program the executable's name, which gives the variables their prefix: `my-job` makes `MY_JOB_`.
 */
export function optionsOf(schema: z.ZodObject, program: string): Option[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([key, property]) => {
    const known = Property.parse(property);
    const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return {
      key,
      flag,
      variable: known.environment ?? `${program}-${flag}`.replaceAll('-', '_').toUpperCase(),
      separator: known.separator,
      type: types[known.type],
      description: known.description,
      placeholder: known.placeholder,
      letter: known.letter,
      group: known.group,
      isBrief: known.brief,
      choices: known.enum,
      defaultText: isShown(known.default) ? String(known.default) : undefined,
      positional: known.positional,
      only: known.only,
    };
  });
}

/** Defaults that `--help` shows: `false` and an empty list go without saying. */
function isShown(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** The name of an option in errors about the command line. */
export function shownName({ positional, placeholder, flag }: Option): string {
  return positional ? (placeholder ?? flag) : `--${flag}`;
}

/** True when `source` may set the option. */
export function settableBy(option: Option, source: OptionSource): boolean {
  return option.only?.includes(source) ?? true;
}

/** A choice in the spelling of the schema, regardless of case; other values unchanged. */
export function canonical(option: Option, value: string): string {
  return option.choices?.find((choice) => choice.toLowerCase() === value.toLowerCase()) ?? value;
}
