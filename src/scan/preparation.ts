/**
 * Prepares a scan: from the options to rules, roots and the fingerprint key. Reads none of the scanned files.
 */
import type * as z from 'zod';
import { TaskError, describeError, errorKind } from '../host/exit/task-error.ts';
import { MountTable, type Store, mayNotAnswer } from '../host/platform/index.ts';
import type { TaskContext } from '../host/task/task.ts';
import { CoverageRecorder } from './model/coverage.ts';
import { scanEvents } from './model/events.ts';
import { openRules, ruleDescriptions } from './files/detector-module.ts';
import { disabledIn } from './files/disabled-rules.ts';
import type { OpenedRules } from './rules/custom/index.ts';
import { type Input, inputOf } from './input.ts';
import type { ScanOptions } from './options.ts';
import { redactorWith } from './files/name-redaction.ts';
import { openSuppressions } from './findings/open-suppressions.ts';
import { type SuppressionTable, type Suppressor, suppressorOf } from './findings/suppression.ts';
import {
  type OpenedKey,
  keyId,
  keyOfAdministrator,
  openFingerprintKey,
  sharedFingerprintKey,
  temporaryKey,
} from './detect/fingerprint-key.ts';
import { excludesOfSources, rootsOfSources } from './sources/file-sources.ts';
import { isPlaceSource } from './sources/scan-sources.ts';
import { type SelectedSources, type SourceName, selectSources } from './sources/selection.ts';
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
  /** Ids of rules that find nothing. */
  readonly disabledRules: ReadonlySet<string>;
  readonly redact: (text: string) => string;
  readonly coverage: CoverageRecorder;
  readonly excludes: Excludes;
  /** The globs of `excludes`. */
  readonly excludeGlobs: readonly string[];
  readonly mounts: MountTable;
  /** The key of the fingerprints. */
  readonly key: Buffer;
  readonly suppressions: SuppressionTable;
  readonly suppressor: Suppressor;
  /** What is scanned instead of roots, if anything. */
  readonly input: Input | undefined;
  readonly roots: readonly Root[];
  /** What is scanned besides roots. */
  readonly sources: readonly SourceName[];
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** Undefined where no state is kept, or where it cannot be used. */
  readonly store: Store | undefined;
}

const NO_SOURCES: SelectedSources = { names: [], unavailable: 0, areAlone: false };

/** A machine may have thousands of mounts. */
const MAX_LOGGED_MOUNTS = 20;

/** Disabled rules that are named. */
const MAX_LOGGED_RULES = 20;

/** Expired entries of an ignore list that are named. */
const MAX_LOGGED_LINES = 20;

/** Maximum length of the joined roots in their record, in characters. */
const MAX_ROOTS_CHARS = 500;

/**
 * @throws TaskError `no-root` when a named root cannot be scanned or none exists, `config` for a bad glob or rule, `cannot-write` when there is
 * no key
 */
export async function prepare(context: ScanContext): Promise<Preparation> {
  const { options, platform, log, readInput } = context;
  const input = inputOf(options);
  const opened = await openedRules(context);
  const disabledRules = disabledIn(options, opened?.rules, context.wrongValue);
  if (disabledRules.size > 0) {
    log(scanEvents.rulesDisabled, { count: disabledRules.size, rules: shownIds(disabledRules) });
  }
  const redact = redactorWith(opened?.rules);
  const coverage = new CoverageRecorder(log, redact);
  const isScheduled = context.state !== undefined;
  const sources = input === undefined ? selectSources(options, platform, isScheduled) : NO_SOURCES;
  coverage.skip('source-of-another-system', sources.unavailable);
  const excludeGlobs = [...options.exclude, ...excludesOfSources(sources.names, platform)];
  const excludes = compileExcludes(excludeGlobs, platform);
  const now = platform.clock.now();
  const { key, problem } = await openKey(context);
  const suppressions = await openSuppressions(options, {
    key: { id: keyId(key), problem },
    isRule: ruleTest(opened),
    now,
    ignoresCase: platform.os === 'windows',
    readInput,
    onExpired: (list, lines) =>
      log(scanEvents.ignoreExpired, {
        list,
        lines: lines.slice(0, MAX_LOGGED_LINES).join(', '),
        count: lines.length,
      }),
  });
  const mounts = new MountTable(platform);
  const roots = input === undefined ? openRoots(context, mounts, coverage, redact, sources) : [];
  if (input === undefined) {
    log(scanEvents.rootsResolved, { count: roots.length, roots: shown(roots, redact) });
    logSkippedMounts(roots, mounts, { ...context, redact });
  }
  const store = problem === undefined ? context.state?.store : undefined;
  return {
    ...context,
    store,
    opened,
    disabledRules,
    redact,
    coverage,
    excludes,
    excludeGlobs,
    mounts,
    key,
    suppressions,
    suppressor: suppressorOf(suppressions, disabledRules),
    input,
    roots,
    sources: sources.names,
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
  { names, areAlone }: SelectedSources,
): readonly Root[] {
  const isRemote = (path: string) => mayNotAnswer(path, platform, mounts);
  const { roots, unusable } = findRoots(options.roots, platform, mounts, coverage, isRemote, {
    paths: rootsOfSources(names, platform),
    areAlone,
  });
  const areNamed = options.roots.length > 0;
  if (areNamed && unusable.length > 0 && !options.allowMissingRoots) {
    throw unusableRoots(unusable, redact);
  }
  if (roots.length === 0 && !names.some(isPlaceSource)) {
    const none = areAlone ? 'this machine has none of these sources' : 'no default root exists';
    const which = areNamed ? unusable.map(({ text }) => redact(text)).join(', ') : none;
    throw new TaskError('no-root', `there is nothing to scan: ${which}`);
  }
  for (const { path, reason } of unusable) coverage.gap(path, reason);
  return roots;
}

/** Whether a rule exists, built-in or custom, also if --rules-only disables it. The rules are loaded on the first call. */
function ruleTest(opened: OpenedRules | undefined): (id: string) => boolean {
  let ids: ReadonlySet<string> | undefined;
  return (id) => {
    ids ??= new Set(
      [...ruleDescriptions(undefined), ...ruleDescriptions(opened?.rules)].map((rule) => rule.id),
    );
    return ids.has(id);
  };
}

/** The key of a run. */
interface RunKey {
  readonly key: Buffer;
  /** Why the key is one of this run alone, so that stored findings and baselines cannot be compared using it. */
  readonly problem?: unknown;
}

async function openKey(context: ScanContext): Promise<RunKey> {
  const { options, platform, log, state, readInput } = context;
  const { fingerprintKey } = options;
  if (fingerprintKey !== undefined) return { key: await keyOfAdministrator(fingerprintKey, readInput) };
  if (state === undefined) return await keyWithoutState(context);
  let opened: OpenedKey;
  try {
    opened = openFingerprintKey(platform, state.directory);
  } catch (error) {
    if (errorKind(error) !== 'cannot-write') throw error;
    state.onFailure(error);
    return { key: temporaryKey(), problem: error };
  }
  const { key, problem, repair } = opened;
  if (problem !== undefined) state.onFailure(problem);
  if (repair !== undefined) {
    const { how, reason, path } = repair;
    log(how === 'restored' ? scanEvents.keyRestored : scanEvents.keyReplaced, { reason, path });
  }
  return { key };
}

/** A dry run uses the key of all runs of this user if it can, and works without it otherwise. */
async function keyWithoutState({ platform, log, stateDirectory }: ScanContext): Promise<RunKey> {
  try {
    return { key: sharedFingerprintKey(platform, await stateDirectory()) };
  } catch (error) {
    if (errorKind(error) !== 'cannot-write') throw error;
    log(scanEvents.keyTemporary, { reason: describeError(error) });
    return { key: temporaryKey(), problem: error };
  }
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

function shownIds(ids: ReadonlySet<string>): string {
  const others = ids.size - MAX_LOGGED_RULES;
  return `${[...ids].slice(0, MAX_LOGGED_RULES).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
