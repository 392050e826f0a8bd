/** What a scan finds, and its coverage. A finding has no field for the secret's value, so none can be printed. */

/** How severe a finding is, least first. `--fail-on` takes one of these. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How certain the scan is about a finding, least first. */
export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/** A rule, as reports describe it. */
export interface RuleDescription {
  /** Stable, kebab-case: `github-fine-grained-token`. */
  readonly id: string;
  /** `GitHub fine-grained personal access token`. */
  readonly title: string;
  readonly severity: Severity;
  /** The group of rules that it belongs to: `github`; `custom` for those of `--rules`. */
  readonly family?: string;
  /** What the owner of the file should do. */
  readonly remediation: string;
  /** The vendor's page that documents the format. */
  readonly source: string;
}

/** Bytes of a file; its first byte has offset 0. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Where a secret occurs in its file. */
export interface Location {
  /**
   * 1-based, of the secret's first character; columns count UTF-16 code units, as editors do. A binary is one line, and
   * its columns count bytes.
   */
  readonly line: number;
  readonly column: number;
  /** Position of the character after its last one. */
  readonly endLine: number;
  readonly endColumn: number;
  /** Only in a binary: the secret's bytes in the file. */
  readonly bytes?: ByteRange | undefined;
  /** The comment on its line that makes other scanners ignore it. */
  readonly marker?: string;
}

/**
 * One secret in one file, or in one entry of a container, however often it occurs there. Its position is that of its most severe location. It has a
 * marker only if all its locations have one.
 */
export interface Finding extends Location {
  /** Id of its rule. */
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** `high` when the format or a checksum confirms it, `low` when it only looks like a secret. */
  readonly confidence: Confidence;
  /**
   * Absolute path; a secret in the path itself is redacted. In a container such as an archive, the container's path, `!/` and
   * `inside`.
   */
  readonly path: string;
  /** Where in its container it is: `etc/app.env`, or `site.tar!/etc/app.env` for a container in another one. */
  readonly inside?: string | undefined;
  /** How many times the secret occurs in the file or entry. */
  readonly count: number;
  /** If that is more than once: the first of these locations, in the order of the file. */
  readonly locations?: readonly Location[];
  /** In how many files on this machine the secret is known, if in more than this one. */
  readonly files?: number;
  /** HMAC-SHA-256 of the secret under this installation's key, hexadecimal: the same secret, the same fingerprint. */
  readonly fingerprint: string;
  /** Evidence for or against it: `checksum valid`, `documented sample` ... */
  readonly evidence: readonly string[];
  /** Who else can access the file: `readable by everyone`, `in a git work tree` ... */
  readonly exposure: readonly string[];
  /** The owner of the file: a uid, or on Windows a profile; undefined where unknown. */
  readonly owner?: string;
  /** Package and version that brought its file, if the file is unmodified: everyone with the package has it. */
  readonly shippedBy?: string;
  /** What changed since the last run; undefined where no state is kept. */
  readonly history?: FindingStatus | undefined;
}

/** A finding's status compared with earlier runs. */
export interface FindingStatus {
  readonly state: 'new' | 'persisting' | 'moved';
  /** ISO 8601, UTC: when this secret was first seen, here or where it was moved or copied from. */
  readonly since: string;
}

/** The changes of the counted findings since the last run. */
export interface Lifecycle {
  readonly new: number;
  readonly persisting: number;
  readonly moved: number;
  /** Gone: these are no longer findings. */
  readonly resolved: number;
}

/** Something that should have been scanned and was not. */
export interface Gap {
  readonly path: string;
  readonly reason: string;
}

/** What was scanned and what was not. Counts are complete; lists are bounded. */
export interface Coverage {
  readonly folders: number;
  /** Scanned in this run. */
  readonly files: number;
  /** Not opened: unchanged since an earlier run scanned them. */
  readonly unchanged: number;
  readonly bytes: number;
  /** In containers such as archives: texts that were scanned, and what is neither text nor opened, by kind. */
  readonly inside: { readonly entries: number; readonly skipped: Readonly<Record<string, number>> };
  /** What was read besides files, by source: the number of processes. Only those that were read. */
  readonly sources?: Readonly<Record<string, number>>;
  /** Skipped on purpose, by reason: links, binaries, excludes ... */
  readonly skipped: Readonly<Record<string, number>>;
  /** Could not be scanned, by reason. If it is not empty, coverage is incomplete. */
  readonly unexamined: Readonly<Record<string, number>>;
  /** The first of what `unexamined` counts. */
  readonly gaps: readonly Gap[];
}

/** The outcome of a scan. */
export interface ScanOutcome {
  /** The files and folders that were scanned: the first of them. */
  readonly roots?: readonly string[];
  /** Those that were enabled. */
  readonly rules: readonly RuleDescription[];
  /** Ids of the others; undefined if there are none. */
  readonly disabledRules?: readonly string[];
  /** Limited to the number that a scan lists; `findingCount` and `shipped` are the total. */
  readonly findings: readonly Finding[];
  /** Without those in unmodified files of packages. */
  readonly findingCount: Readonly<Record<Severity, number>>;
  /** Findings in unmodified files of packages. All of them are of low severity. */
  readonly shipped: number;
  /** Findings that were suppressed at the administrator's request and are not in `findings`; by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  /** Findings that are counted and not in `findings`, by owner of their files. */
  readonly omitted?: Readonly<Record<string, number>> | undefined;
  /** Identifies the key of the fingerprints. Empty when there are none. */
  readonly fingerprintKey: string;
  /** Undefined where no state is kept. */
  readonly lifecycle?: Lifecycle | undefined;
  readonly coverage: Coverage;
}
