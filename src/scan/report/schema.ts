/**
 * The JSON report, version 2: what a reader may rely on. A field is never removed and never changes its meaning
 * within a version; readers ignore fields that they do not know, so that new ones may be added. Owns the shape
 * only: `json.ts` creates it, `read.ts` reads it, also one of version 1, in which each location was a finding.
 */
import * as z from 'zod';
import { confidences, severities } from '../model/finding.ts';

const Count = z.int().nonnegative();
/** By reason. */
const Counts = z.record(z.string(), Count);
/** 1-based. */
const Position = z.int().positive();
const SeverityName = z.enum(severities);

const Rule = z.object({
  id: z.string(),
  title: z.string(),
  severity: SeverityName,
  remediation: z.string(),
  source: z.string(),
});

/**
 * Lines and columns count from 1, columns in UTF-16 code units; the end is that of the character after the last one. A
 * binary is one line, and its columns count bytes.
 */
const ReportedLocation = z.object({
  line: Position,
  column: Position,
  endLine: Position,
  endColumn: Position,
  /** Only in a binary: the secret's bytes in the file, whose first one has offset 0. */
  bytes: z.object({ offset: Count, length: Position }).optional(),
  /** The comment on its line that makes other scanners ignore it. */
  marker: z.string().exactOptional(),
});

/**
 * One secret in one file. Its position is that of its most severe location; it has a marker only if all its locations
 * have one.
 */
const ReportedFinding = ReportedLocation.extend({
  rule: z.string(),
  title: z.string(),
  severity: SeverityName,
  /** How certain it is. */
  confidence: z.enum(confidences),
  path: z.string(),
  /** How many times the secret occurs in the file. */
  count: Position.default(1),
  /** If that is more than once: the first of these locations. */
  locations: z.array(ReportedLocation).readonly().exactOptional(),
  /** In how many files on the machine the secret is known, if in more than this one. */
  files: Position.exactOptional(),
  /** HMAC-SHA-256, hexadecimal: equal for equal secrets of one installation. */
  fingerprint: z.string(),
  evidence: z.array(z.string()).readonly(),
  /** Who else can access the file: `readable by everyone` ... */
  exposure: z.array(z.string()).readonly(),
  /** The owner of the file: a uid, or on Windows a profile. */
  owner: z.string().exactOptional(),
  /** Package and version that brought its file, if the file is unmodified. */
  shippedBy: z.string().exactOptional(),
  /** Missing where no state is kept. */
  history: z
    .object({
      state: z.enum(['new', 'persisting', 'moved']),
      /** ISO 8601, UTC: when the secret was first seen. */
      since: z.iso.datetime(),
    })
    .optional(),
});

const ReportedCoverage = z.object({
  folders: Count,
  /** Scanned in this run. */
  files: Count,
  /** Unchanged since an earlier run scanned them. */
  unchanged: Count.default(0),
  bytes: Count,
  /** Skipped on purpose. */
  skipped: Counts,
  /** Could not be scanned; empty when coverage is complete. */
  unexamined: Counts,
  /** The first of what `unexamined` counts. */
  gaps: z.array(z.object({ path: z.string(), reason: z.string() })).readonly(),
});

export const JsonReport = z.object({
  schemaVersion: z.literal([1, 2]),
  tool: z.object({ name: z.string(), version: z.string(), informationUri: z.string().optional() }),
  host: z.object({ name: z.string(), os: z.enum(['windows', 'linux', 'macOS']) }),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  exitCode: z.int(),
  exitMeaning: z.string(),
  outcome: z.object({
    /** The files and folders that were scanned; a report lists a bounded number. */
    roots: z.array(z.string()).readonly().exactOptional(),
    rules: z.array(Rule).readonly(),
    /** May be fewer than are counted: a run keeps a bounded number. */
    findings: z.array(ReportedFinding).readonly(),
    /** Without those in unmodified files of packages. */
    findingCount: z.record(SeverityName, Count),
    /** Findings in unmodified files of packages; all of them are of low severity. */
    shipped: Count.default(0),
    /** Findings that are counted and not listed, by owner: a user id, or on Windows the name of a profile folder. */
    omitted: Counts.optional(),
    /** Suppressed as the administrator requested; by reason. */
    suppressed: Counts,
    /** Fingerprints of two reports can be compared when this is the same. */
    fingerprintKey: z.string(),
    /** Since the last run; missing where no state is kept. */
    lifecycle: z.object({ new: Count, persisting: Count, moved: Count, resolved: Count }).optional(),
    coverage: ReportedCoverage,
  }),
});
export type JsonReport = z.output<typeof JsonReport>;
