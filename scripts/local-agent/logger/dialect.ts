/**
 * What the log component understands: names of fields, names of levels, and what happens to the rest. None of it is documented, so each is a
 * switch.
 */
import { type Level, levels } from '../../../src/host/log/index.ts';

/** Names of the levels from Trace to Critical. `numbers` are those of Microsoft.Extensions.Logging, as numbers or as text. */
export const levelNameSets = {
  microsoft: levels,
  serilog: ['Verbose', 'Debug', 'Information', 'Warning', 'Error', 'Fatal'],
  short: ['VRB', 'DBG', 'INF', 'WRN', 'ERR', 'FTL'],
  numbers: ['0', '1', '2', '3', '4', '5'],
} as const satisfies Record<string, readonly string[]>;
export type LevelNames = keyof typeof levelNameSets;
export const levelNames = [
  'microsoft',
  'serilog',
  'short',
  'numbers',
] as const satisfies readonly LevelNames[];

export const payloadCases = ['camel', 'Pascal'] as const;

/** Unknown fields: written into the line, or left out; or a record that lacks an expected field is left out completely. */
export const unknownPayloads = ['keep', 'drop-fields', 'drop-record'] as const;

/** A record with an unknown level, or none: always written, or taken for `Information`. */
export const unknownLevels = ['show', 'information'] as const;

export const fieldRoles = ['level', 'message', 'source', 'timestamp'] as const;
export type FieldRole = (typeof fieldRoles)[number];

export interface PayloadFields {
  readonly required: readonly string[];
  /** Further fields that are not reported as unknown. */
  readonly optional: readonly string[];
}

export interface LoggerSwitches {
  /** The names of the fields that have a meaning, before `payloadCase`. Default: the roles themselves. */
  readonly payloadNames?: Partial<Readonly<Record<FieldRole, string>>> | undefined;
  /** Default `camel`: `level`. With `Pascal`, all names begin with a capital: `Level`. */
  readonly payloadCase?: (typeof payloadCases)[number] | undefined;
  /** Expected fields of a log record. Default: those of `payloadNames`. */
  readonly payloadFields?: Partial<PayloadFields> | undefined;
  /** Default `keep`. */
  readonly payloadUnknown?: (typeof unknownPayloads)[number] | undefined;
  /** Default `microsoft`. */
  readonly levelNames?: LevelNames | undefined;
  /** Default `show`. */
  readonly unknownLevel?: (typeof unknownLevels)[number] | undefined;
}

/** The switches with their defaults. */
export interface LoggerDialect {
  readonly names: Readonly<Record<FieldRole, string>>;
  readonly fields: PayloadFields;
  readonly levelNames: LevelNames;
  readonly unknown: (typeof unknownPayloads)[number];
  readonly unknownLevel: (typeof unknownLevels)[number];
}

export function loggerDialect({
  payloadNames = {},
  payloadCase = 'camel',
  payloadFields,
  payloadUnknown = 'keep',
  levelNames: levelSet = 'microsoft',
  unknownLevel = 'show',
}: LoggerSwitches): LoggerDialect {
  const cased = (name: string) =>
    payloadCase === 'camel' ? name : name.slice(0, 1).toUpperCase() + name.slice(1);
  const nameOf = (role: FieldRole) => cased(payloadNames[role] ?? role);
  const names = {
    level: nameOf('level'),
    message: nameOf('message'),
    source: nameOf('source'),
    timestamp: nameOf('timestamp'),
  };
  return {
    names,
    fields: {
      required: payloadFields?.required?.map(cased) ?? fieldRoles.map((role) => names[role]),
      optional: payloadFields?.optional?.map(cased) ?? [],
    },
    levelNames: levelSet,
    unknown: payloadUnknown,
    unknownLevel,
  };
}

/** The level that a record's value names, in any case: whether case matters is not documented. */
export function levelOf(value: unknown, dialect: LoggerDialect): Level | undefined {
  const isName = typeof value === 'string' || (typeof value === 'number' && dialect.levelNames === 'numbers');
  if (!isName) return undefined;
  const wanted = String(value).toLowerCase();
  const index = levelNameSets[dialect.levelNames].findIndex((name) => name.toLowerCase() === wanted);
  return levels[index];
}
