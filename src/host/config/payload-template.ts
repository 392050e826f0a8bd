/** The schema of `payload` in the configuration file: the form of a record, whose documentation is not public. */
import * as z from 'zod';
import { type PayloadTemplate, extraFields, mainFields, templateBytes } from '../delivery/log-payload.ts';
import { grouped } from '../log/grouped.ts';

/** Bytes for names and constants: a quarter of a payload. */
const MAX_TEMPLATE_BYTES = 2048;

/** A field's name, or a path of nested objects with dots between their names. */
const Name = z
  .string()
  .regex(
    /^(?=[^]{1,100}$)[^\p{C}\p{Zl}\p{Zp}.]+(?:\.[^\p{C}\p{Zl}\p{Zp}.]+){0,7}$/u,
    'expected a name of 1 to 100 characters; dots separate the names of nested objects',
  );

const Text = z.string().regex(/^[^]{0,500}$/, 'expected at most 500 characters');
const Omitted = z.literal(false);

const Names = strict({
  level: Name.default('level'),
  message: Name.default('message'),
  source: Name.default('source'),
  timestamp: Name.default('timestamp'),
  event: z.union([Name, Omitted]).default('event'),
  id: z.union([Name, Omitted]).default('id'),
  run: z.union([Name, Omitted]).default('run'),
  job: z.union([Name, Omitted]).default('job'),
  host: z.union([Name, Omitted]).default('host'),
  data: z.union([Name, Omitted]).default('data'),
  truncated: z.union([Name, Omitted]).default('truncated'),
});

const LevelValue = z.union([Text, z.int()]).optional();
const Levels = strict({
  Trace: LevelValue,
  Debug: LevelValue,
  Information: LevelValue,
  Warning: LevelValue,
  Error: LevelValue,
  Critical: LevelValue,
});

const Constants = z.record(Name, z.union([Text, z.number(), z.boolean(), z.null()]));

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
