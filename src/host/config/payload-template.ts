/** The schema of `payload` in the configuration file: the form of a record, whose documentation is not public. */
import * as z from 'zod';
import { type PayloadTemplate, extraFields, mainFields, templateBytes } from '../delivery/log-payload.ts';
import { grouped } from '../log/grouped.ts';

/** Bytes for names and constants: a quarter of a payload. */
const MAX_TEMPLATE_BYTES = 2048;

/** A field's name, or a path of nested objects with dots between their names. */
const Name = z
  .string('expected a name')
  .regex(
    /^(?=[^]{1,100}$)[^\p{C}\p{Zl}\p{Zp}.]+(?:\.[^\p{C}\p{Zl}\p{Zp}.]+){0,7}$/u,
    'expected a name of 1 to 100 characters; dots separate the names of nested objects',
  );

/** A field that may be omitted. */
function optionalName(field: string) {
  return z
    .union([Name, z.literal(false)], 'expected a name as for the other fields, or false to omit the field')
    .default(field);
}

const Names = strict({
  level: Name.default('level'),
  message: Name.default('message'),
  source: Name.default('source'),
  timestamp: Name.default('timestamp'),
  event: optionalName('event'),
  id: optionalName('id'),
  run: optionalName('run'),
  job: optionalName('job'),
  host: optionalName('host'),
  data: optionalName('data'),
  truncated: optionalName('truncated'),
});

/** A text of limited length, which may be empty. */
function text(most: number) {
  return z.string().regex(new RegExp(`^[^]{0,${most}}$`), `expected at most ${most} characters`);
}

const LevelValue = z
  .union([text(40), z.int()], 'expected a text of at most 40 characters or a whole number')
  .optional();
const Levels = strict({
  Trace: LevelValue,
  Debug: LevelValue,
  Information: LevelValue,
  Warning: LevelValue,
  Error: LevelValue,
  Critical: LevelValue,
});

const Constant = z.union(
  [text(500), z.number(), z.boolean(), z.null()],
  'expected a text of at most 500 characters, a number, true, false or null',
);
const Constants = z.record(Name, Constant, 'expected an object of names and values');

/** `payload`: names of fields, values of levels, constant fields. */
export const Payload = strict({
  names: Names.prefault({}),
  levels: Levels.prefault({}),
  constants: Constants.prefault({}),
}).superRefine((template, context) => {
  const clash = clashIn(template);
  if (clash !== undefined) context.addIssue(clash);
  else if (templateBytes(template) > MAX_TEMPLATE_BYTES)
    context.addIssue(
      `names and constants take more than ${grouped(MAX_TEMPLATE_BYTES)} bytes of each record`,
    );
});

/** An object without other keys. Zod's own message about another key quotes it. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = `expected an object with ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' || code === 'invalid_type' ? known : undefined),
  });
}

/** The problem if a name is given twice, or to a value and to an object. */
function clashIn({ names, constants = {} }: PayloadTemplate): string | undefined {
  const taken = new Map<string, string>();
  const fields = [...mainFields, ...extraFields].map((field) => [names[field], field] as const);
  const constant = Object.keys(constants).map((name) => [name, 'a constant'] as const);
  for (const [name, of] of [...fields, ...constant]) {
    if (typeof name !== 'string') continue;
    const other = [...taken].find(
      ([one]) => `${one}.`.startsWith(`${name}.`) || `${name}.`.startsWith(`${one}.`),
    );
    if (other !== undefined) return `${of} and ${other[1]} have the same name, or one is within the other`;
    taken.set(name, of);
  }
  return undefined;
}
