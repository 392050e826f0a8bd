/** What a scan finds, and what it covers. A finding has no field for the secret's value, so none can be printed. */

/** How grave a finding is, least first. `--fail-on` takes one of these. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How sure the scan is that a finding is what it seems, least first. */
export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/** What a rule looks for, as reports describe it. */
export interface RuleDescription {
  /** Stable, kebab-case: `github-fine-grained-token`. */
  readonly id: string;
  /** `GitHub fine-grained personal access token`. */
  readonly title: string;
  readonly severity: Severity;
  /** What the owner of the file should do. */
  readonly remediation: string;
  /** The vendor's page that documents the format. */
  readonly source: string;
}

/** Bytes of a file; the first one of the file has offset 0. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** One thing found. */
export interface Finding {
  /** Id of its rule. */
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** How sure it is: `high` when the format or a checksum says so, `low` when it only looks like one. */
  readonly confidence: Confidence;
  /** Absolute path; a secret in the path itself is redacted. */
  readonly path: string;
  /**
   * 1-based, of the secret's first character; columns count UTF-16 code units, as editors do. A binary is one line, and
   * its columns count bytes.
   */
  readonly line: number;
  readonly column: number;
  /** Of the character after its last one. */
  readonly endLine: number;
  readonly endColumn: number;
  /** In a binary alone: the secret's bytes in the file. */
  readonly bytes?: ByteRange | undefined;
  /** HMAC-SHA-256 of the secret under this installation's key, hexadecimal: the same secret, the same fingerprint. */
  readonly fingerprint: string;
  /** What speaks for or against it: `checksum valid`, `documented sample` ... */
  readonly evidence: readonly string[];
  /** The comment on its line that asks other scanners to pass over it. */
  readonly marker?: string;
  /** Who else can get at it: `readable by everyone`, `in a git work tree` ... */
  readonly exposure: readonly string[];
  /** Whose file it is: a uid, or on Windows a profile; undefined where that is not known. */
  readonly owner?: string;
  /** What became of it since the last run; undefined where no state is kept. */
  readonly history?: FindingStatus | undefined;
}

/** What a finding is compared with earlier runs. */
export interface FindingStatus {
  readonly state: 'new' | 'persisting' | 'moved';
  /** ISO 8601, UTC: when this secret was first seen, here or where it was moved or copied from. */
  readonly since: string;
}

/** What became of all findings since the last run. */
export interface Lifecycle {
  readonly new: number;
  readonly persisting: number;
  readonly moved: number;
  /** Gone: these are no findings any more. */
  readonly resolved: number;
}

/** Something that should have been examined and was not. */
export interface Gap {
  readonly path: string;
  readonly reason: string;
}

/** What was examined and what was not. Counts are complete; lists are bounded. */
export interface Coverage {
  readonly folders: number;
  /** Examined in this run. */
  readonly files: number;
  /** Not opened: they are as they were when an earlier run examined them. */
  readonly unchanged: number;
  readonly bytes: number;
  /** Left out on purpose, by reason: links, binaries, excludes ... */
  readonly skipped: Readonly<Record<string, number>>;
  /** Could not be examined, by reason. Not empty means that coverage is incomplete. */
  readonly unexamined: Readonly<Record<string, number>>;
  /** The first of what `unexamined` counts. */
  readonly gaps: readonly Gap[];
}

/** The outcome of a scan. */
export interface ScanOutcome {
  readonly rules: readonly RuleDescription[];
  /** At most as many as a scan lists; `findingCount` is the whole. */
  readonly findings: readonly Finding[];
  readonly findingCount: Readonly<Record<Severity, number>>;
  /** What was found and is not in `findings`, since the administrator asked for that; by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  /** Findings that `findingCount` counts and `findings` does not list, by owner of their files. */
  readonly omitted?: Readonly<Record<string, number>> | undefined;
  /** Tells which key the fingerprints were made with. Empty when there are none. */
  readonly fingerprintKey: string;
  /** Undefined where no state is kept. */
  readonly lifecycle?: Lifecycle | undefined;
  readonly coverage: Coverage;
}
