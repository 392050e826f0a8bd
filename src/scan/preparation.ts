/**
 * Prepares a scan: from the options to rules, roots and the fingerprint key. Reads none of the scanned files.
 */
import type * as z from 'zod';
import { TaskError, errorKind } from '../host/exit/task-error.ts';
import { MountTable, type Store, mayNotAnswer } from '../host/platform/index.ts';
import type { TaskContext } from '../host/task/task.ts';
import { CoverageRecorder } from './model/coverage.ts';
import { scanEvents } from './model/events.ts';
import { openRules } from './files/detector-module.ts';
import type { OpenedRules } from './rules/custom/index.ts';
import type { ScanOptions } from './options.ts';
import { redactorWith } from './files/name-redaction.ts';
import { type OpenedKey, keyId, keyOfAdministrator, openFingerprintKey } from './detect/fingerprint-key.ts';
import {
  type SuppressionTable,
  type Suppressor,
  openSuppressions,
  suppressorOf,
} from './findings/suppression.ts';
import {
  type Excludes,
  type Root,
  compileExcludes,
  findRoots,
  isInside,
  unusableRoots,
} from './walk/index.ts';

export type ScanContext = TaskContext<z.output<typeof ScanOptions>>;

export interface Preparation extends ScanContext {
  /** The administrator's custom rules. */
  readonly opened: OpenedRules | undefined;
  readonly redact: (text: string) => string;
  readonly coverage: CoverageRecorder;
  readonly excludes: Excludes;
  readonly mounts: MountTable;
  /** The key of the fingerprints. */
  readonly key: Buffer;
  readonly suppressions: SuppressionTable;
  readonly suppressor: Suppressor;
  readonly roots: readonly Root[];
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** Undefined where no state is kept, or where it cannot be used. */
  readonly store: Store | undefined;
}

/** A machine may have thousands of mounts. */
const MAX_LOGGED_MOUNTS = 20;

/** Maximum length of the joined roots in their record, in characters. */
const MAX_ROOTS_CHARS = 500;

/**
 * @throws TaskError `no-root` when a named root cannot be scanned or none exists, `config` for a bad glob or rule, `cannot-write` when there is
 * no key
 */
export async function prepare(context: ScanContext): Promise<Preparation> {
  const { options, platform, log, readInput } = context;
  const opened = await openedRules(context);
  const redact = redactorWith(opened?.rules);
  const coverage = new CoverageRecorder(log, redact);
  const excludes = compileExcludes(options.exclude, platform);
  const { key, isOurs } = await openKey(context);
  const suppressions = await openSuppressions(options, keyId(key), readInput);
  const mounts = new MountTable(platform);
  const roots = openRoots(context, mounts, coverage, redact);
  log(scanEvents.rootsResolved, { count: roots.length, roots: shown(roots, redact) });
  logSkippedMounts(roots, mounts, { ...context, redact });
  const now = platform.clock.now();
  const store = isOurs ? context.state?.store : undefined;
  return {
    ...context,
    store,
    opened,
    redact,
    coverage,
    excludes,
    mounts,
    key,
    suppressions,
    suppressor: suppressorOf(suppressions),
    roots,
    now,
  };
}

/**
 * The roots of this run. With `--allow-missing-roots`, named ones that cannot be scanned become gaps.
 * @throws TaskError `no-root`
 */
function openRoots(
  { options, platform }: ScanContext,
  mounts: MountTable,
  coverage: CoverageRecorder,
  redact: (text: string) => string,
): readonly Root[] {
  const isRemote = (path: string) => mayNotAnswer(path, platform, mounts);
  const { roots, unusable } = findRoots(options.roots, platform, mounts, coverage, isRemote);
  const areNamed = options.roots.length > 0;
  if (areNamed && unusable.length > 0 && !options.allowMissingRoots) {
    throw unusableRoots(unusable, redact);
  }
  if (roots.length === 0) {
    const which = areNamed ? unusable.map(({ text }) => redact(text)).join(', ') : 'no default root exists';
    throw new TaskError('no-root', `there is nothing to scan: ${which}`);
  }
  for (const { path, reason } of unusable) coverage.gap(path, reason);
  return roots;
}

/**
 * Opens the key of the fingerprints. `isOurs` is false for a key of this run alone: stored findings cannot be
 * compared using it, so the store must not be used.
 */
async function openKey(context: ScanContext): Promise<{ readonly key: Buffer; readonly isOurs: boolean }> {
  const { options, platform, log, state, readInput } = context;
  const { fingerprintKey } = options;
  if (fingerprintKey !== undefined) {
    return { key: await keyOfAdministrator(fingerprintKey, readInput), isOurs: true };
  }
  let opened: OpenedKey;
  try {
    opened = openFingerprintKey(platform, state?.directory);
  } catch (error) {
    if (state === undefined || errorKind(error) !== 'cannot-write') throw error;
    state.onFailure(error);
    return { key: openFingerprintKey(platform, undefined).key, isOurs: false };
  }
  const { key, problem, repair } = opened;
  if (problem !== undefined) state?.onFailure(problem);
  if (repair !== undefined) {
    const { how, reason, path } = repair;
    log(how === 'restored' ? scanEvents.keyRestored : scanEvents.keyReplaced, { reason, path });
  }
  return { key, isOurs: true };
}

/** Mounts below the roots that could be roots themselves. */
function logSkippedMounts(
  roots: readonly Root[],
  mounts: MountTable,
  { log, platform, redact }: Pick<Preparation, 'log' | 'platform' | 'redact'>,
): void {
  let logged = 0;
  for (const { path, type, foreign } of mounts.all()) {
    if (foreign === undefined || foreign === 'pseudo-file-system') continue;
    if (!roots.some((root) => isInside(path, root, platform.path))) continue;
    logged += 1;
    if (logged <= MAX_LOGGED_MOUNTS) {
      log(scanEvents.mountSkipped, { path: redact(path), type: redact(type), reason: foreign });
    }
  }
}

/** The administrator's custom rules; undefined when no file was given. */
async function openedRules({ options, log, readInput }: ScanContext): Promise<OpenedRules | undefined> {
  const { rules, rulesOnly } = options;
  if (rules === undefined) return undefined;
  return openRules(rules, rulesOnly, readInput, (text) => log(scanEvents.ruleIgnored, { rules: text }));
}

function shown(roots: readonly Root[], redact: (text: string) => string): string {
  const text = roots.map(({ path }) => redact(path)).join(', ');
  return text.length <= MAX_ROOTS_CHARS ? text : `${text.slice(0, MAX_ROOTS_CHARS)} ...`;
}
