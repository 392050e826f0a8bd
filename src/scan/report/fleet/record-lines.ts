/**
 * Reads the records of findings and the summaries of runs from lines of JSON: the output of `--standalone`, or what a log
 * collector has stored. Other lines are ignored. Field names are the standard ones.
 */
import * as z from 'zod';
import { scanEvents } from '../../model/events.ts';
import { confidences, severities } from '../../model/finding.ts';

/** A longer line is no record: those have at most 8 KiB, and collectors may wrap them. */
const MAX_LINE_BYTES = 64 * 1024;

const Count = z.int().nonnegative();
const Counts = z.record(z.string(), Count);
/** Records show an empty set of counts as an empty object. */
const FindingFields = z.object({
  rule: z.string(),
  severity: z.enum(severities),
  confidence: z.enum(confidences),
  fingerprint: z.string().regex(/^[0-9a-f]{16,64}$/),
  path: z.string(),
  line: Count.optional(),
  column: Count.optional(),
  offset: Count.optional(),
  count: Count.default(1),
  files: Count.optional(),
  evidence: z.string().default(''),
  exposure: z.string().default(''),
  marker: z.string().optional(),
  from: z.string().optional(),
  since: z.iso.datetime().optional(),
});
const SummaryFields = z.object({
  findings: z.object({ low: Count, medium: Count, high: Count, critical: Count }),
  shipped: Count.default(0),
  files: Count,
  unchanged: Count.default(0),
  folders: Count,
  bytes: Count,
  sources: Counts.optional(),
  skipped: Counts.default({}),
  unexamined: Counts.default({}),
  suppressed: Counts.default({}),
  disabledRules: Count.default(0),
});
const Line = z.object({
  event: z.string(),
  host: z.string(),
  timestamp: z.iso.datetime(),
  data: z.unknown(),
  truncated: z.literal(true).optional(),
});

export type FindingFields = z.output<typeof FindingFields>;
export type SummaryFields = z.output<typeof SummaryFields>;

export type FleetRecord = { readonly host: string; readonly timestamp: string } & (
  | { readonly kind: 'found' | 'moved' | 'resolved'; readonly finding: FindingFields }
  | { readonly kind: 'summary'; readonly summary: SummaryFields }
);

const kinds: Readonly<Record<string, 'found' | 'moved' | 'resolved' | 'summary'>> = {
  [scanEvents.finding.id]: 'found',
  [scanEvents.findingLow.id]: 'found',
  [scanEvents.findingAgain.id]: 'found',
  [scanEvents.findingMoved.id]: 'moved',
  [scanEvents.findingResolved.id]: 'resolved',
  'run.summary': 'summary',
};

/** The records in a file. */
export interface RecordsInFile {
  readonly records: readonly FleetRecord[];
  /** Lines with one of these events that have another structure, or that were cut. */
  readonly damaged: number;
}

export function recordsIn(content: Buffer): RecordsInFile {
  const records: FleetRecord[] = [];
  let damaged = 0;
  for (const line of linesOf(content)) {
    // Most lines of a log are other programs'.
    if (!line.includes('"scan.finding') && !line.includes('"run.summary"')) continue;
    const record = recordOf(line.toString('utf8'));
    if (record === 'damaged') damaged += 1;
    else if (record !== undefined) records.push(record);
  }
  return { records, damaged };
}

function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length;) {
    const found = content.indexOf(0x0a, start);
    const end = found < 0 ? content.length : found;
    if (end - start <= MAX_LINE_BYTES) yield content.subarray(start, end);
    start = end + 1;
  }
}

/** @returns undefined for a line that is no record of interest */
function recordOf(text: string): FleetRecord | 'damaged' | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'damaged';
  }
  const line = Line.safeParse(json);
  if (!line.success) return 'damaged';
  const { event, host, timestamp, data } = line.data;
  const kind = kinds[event];
  if (kind === undefined) return undefined;
  if (kind === 'summary') {
    const summary = SummaryFields.safeParse(data);
    return summary.success ? { kind, host, timestamp, summary: summary.data } : 'damaged';
  }
  const finding = FindingFields.safeParse(data);
  return finding.success ? { kind, host, timestamp, finding: finding.data } : 'damaged';
}
