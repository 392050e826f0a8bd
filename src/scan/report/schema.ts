/**
 * The JSON report, version 2: what a reader may rely on. A field is never removed and never changes its meaning
 * within a version; readers ignore fields that they do not know, so that new ones may be added. Owns the shape
 * only: `json.ts` and `json-lines.ts` create it, `read.ts` reads it, also one of version 1, in which each location
 * was a finding. `schemas/` has it as JSON Schema.
 */
import * as z from 'zod';
import { confidences, severities } from '../model/finding.ts';

/** Of the reports that this program writes. */
const VERSION = 2;

const Count = z.int().nonnegative();
const CountsByReason = z.record(z.string(), Count);
const Position = z.int().positive();
const Severity = z.enum(severities);
const Time = z.iso.datetime();

const Rule = z
  .object({
    id: z.string(),
    title: z.string(),
    severity: Severity,
    family: z.string().exactOptional().describe('The group of rules that it belongs to'),
    remediation: z.string().describe('What the owner of the file should do'),
    source: z.string().describe("The vendor's page that documents the format"),
  })
  .meta({ id: 'rule' });

const place = {
  line: Position.describe('Counts from 1; a binary is one line'),
  column: Position.describe('Counts from 1, in UTF-16 code units; in a binary, in bytes'),
  endLine: Position,
  endColumn: Position.describe('Of the character after the last one'),
  bytes: z
    .object({ offset: Count, length: Position })
    .optional()
    .describe("Only in a binary: the secret's bytes in the file, whose first one has offset 0"),
  marker: z
    .string()
    .exactOptional()
    .describe(
      'The comment on its line that makes other scanners ignore it; of a finding, if each location has one',
    ),
};
const Location = z.object(place).meta({ id: 'location' });

const finding = {
  ...place,
  rule: z.string().describe('Id of its rule'),
  title: z.string(),
  severity: Severity,
  confidence: z.enum(confidences).describe('How certain it is'),
  path: z.string().describe('Of the file; in a container such as an archive, followed by !/ and "inside"'),
  inside: z
    .string()
    .optional()
    .describe('Where in its container it is: etc/app.env, or site.tar!/etc/app.env'),
  count: Position.default(1).describe('How many times the secret occurs in the file'),
  locations: z
    .array(Location)
    .readonly()
    .exactOptional()
    .describe('If the secret occurs more than once: the first of its locations'),
  files: Position.exactOptional().describe(
    'In how many files on the machine the secret is known, if in more than this one',
  ),
  fingerprint: z
    .string()
    .describe('HMAC-SHA-256 of the secret, hexadecimal: equal for equal secrets if the key is the same'),
  evidence: z.array(z.string()).readonly(),
  exposure: z.array(z.string()).readonly().describe('Who else can access the file'),
  owner: z.string().exactOptional().describe('The owner of the file: a uid, or on Windows a profile'),
  shippedBy: z
    .string()
    .exactOptional()
    .describe('Package and version that brought its file, if the file is unmodified'),
  history: z
    .object({
      state: z.enum(['new', 'persisting', 'moved']),
      since: Time.describe('When the secret was first seen'),
    })
    .optional()
    .describe('Missing if the run kept no state'),
};
const ReportedFinding = z.object(finding).meta({
  id: 'finding',
  description: 'One secret in one file. Its position is that of its most severe location.',
});

const Gap = z.object({ path: z.string(), reason: z.string() });

const ReportedCoverage = z
  .object({
    folders: Count,
    files: Count.describe('Scanned in this run'),
    unchanged: Count.default(0).describe('Unchanged since an earlier run scanned them'),
    bytes: Count,
    inside: z
      .object({ entries: Count, skipped: CountsByReason })
      .default({ entries: 0, skipped: {} })
      .describe(
        'In containers such as archives: texts that were scanned, and what is neither text nor opened',
      ),
    sources: CountsByReason.exactOptional().describe(
      'What was scanned besides files, by source: the number of processes',
    ),
    skipped: CountsByReason.describe('Skipped on purpose'),
    unexamined: CountsByReason.describe('Could not be scanned; empty if coverage is complete'),
    gaps: z.array(Gap).readonly().describe('The first of what "unexamined" counts'),
  })
  .meta({ id: 'coverage' });

const Run = z.object({
  schemaVersion: z.literal([1, VERSION]),
  tool: z.object({ name: z.string(), version: z.string(), informationUri: z.string().optional() }),
  host: z.object({ name: z.string(), os: z.enum(['windows', 'linux', 'macOS']) }),
  startedAt: Time,
  endedAt: Time,
  exitCode: z.int(),
  exitMeaning: z.string(),
});

const Totals = z.object({
  roots: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe('The files and folders that were scanned; at most 1,000 are listed'),
  rules: z.array(Rule).readonly().describe('Those of the listed findings, or more'),
  disabledRules: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe('Ids of the rules that were disabled: the run found nothing of their kinds'),
  findingCount: z.record(Severity, Count).describe('Without findings in unmodified files of packages'),
  shipped: Count.default(0).describe(
    'Findings in unmodified files of packages; all of them are of low severity',
  ),
  omitted: CountsByReason.optional().describe('Findings that are counted and not listed, by owner'),
  suppressed: CountsByReason.describe('Suppressed as the administrator requested; by reason'),
  fingerprintKey: z.string().describe('Fingerprints of two reports can be compared if this is the same'),
  lifecycle: z
    .object({ new: Count, persisting: Count, moved: Count, resolved: Count })
    .optional()
    .describe('Changes since the last run; missing if the run kept no state'),
  coverage: ReportedCoverage,
});

export const JsonReport = Run.extend({
  outcome: Totals.extend({
    findings: z
      .array(ReportedFinding)
      .readonly()
      .describe('May be fewer than are counted: a run lists a bounded number'),
  }),
});
export type JsonReport = z.output<typeof JsonReport>;

const FindingLine = z
  .object({ type: z.literal('finding'), ...finding })
  .meta({ description: 'One secret in one file, as in the JSON report' });
export type FindingLine = z.output<typeof FindingLine>;

const SummaryLine = Run.extend({
  type: z.literal('summary'),
  findings: Count.describe('The number of lines before this one'),
  outcome: Totals,
});
export type SummaryLine = z.output<typeof SummaryLine>;

const current = { schemaVersion: z.literal(VERSION) };
/** A line of a JSON Lines report. */
export const JsonLine = z.discriminatedUnion('type', [FindingLine, SummaryLine.extend(current)]);

/** The published schemas, by the paths of their files. Fields with a default may be missing in a report. */
export function publishedSchemas(): Readonly<Record<string, unknown>> {
  return {
    [`schemas/report-${VERSION}.schema.json`]: published(JsonReport.extend(current), 'JSON report'),
    [`schemas/report-lines-${VERSION}.schema.json`]: published(JsonLine, 'A line of the JSON Lines report'),
  };
}

function published(schema: z.ZodType, title: string): unknown {
  return z.toJSONSchema(schema.meta({ title }), {
    io: 'input',
    override: ({ jsonSchema }) => {
      // What says nothing about a file: that its values are constants here, that numbers are safe integers, how a date is written.
      delete jsonSchema.readOnly;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
}
