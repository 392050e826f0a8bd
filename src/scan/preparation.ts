/** What a scan is made of, before it begins: options become rules, roots, the key of the fingerprints. Reads nothing of what is scanned. */
import type * as z from 'zod';
import { TaskError } from '../errors.ts';
import { type ForeignMount, foreignMounts } from '../platform/index.ts';
import type { TaskContext } from '../task.ts';
import { CoverageRecorder } from './coverage.ts';
import { scanEvents } from './events.ts';
import { openRules } from './examining.ts';
import type { OpenedRules } from './foreign-rules/index.ts';
import type { ScanOptions } from './options.ts';
import { redactorWith } from './name-redaction.ts';
import { keyId, openFingerprintKey } from './state/fingerprint-key.ts';
import { type Suppressor, openSuppressions } from './suppression.ts';
import { type Excludes, type Root, compileExcludes, resolveRoots } from './walk/index.ts';

export type ScanContext = TaskContext<z.output<typeof ScanOptions>>;

export interface Preparation extends ScanContext {
  /** Of the administrator. */
  readonly opened: OpenedRules | undefined;
  readonly redact: (text: string) => string;
  readonly coverage: CoverageRecorder;
  readonly excludes: Excludes;
  readonly mounts: ReadonlyMap<string, ForeignMount>;
  /** Of the fingerprints. */
  readonly key: Buffer;
  readonly suppressor: Suppressor;
  readonly roots: readonly Root[];
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
}

/** How many characters of the joined roots go into their record. */
const ROOTS_SHOWN = 500;

/** @throws TaskError `no-root` when none exists, `config` for a bad glob or rule, `cannot-write` when there is no key */
export async function prepare(context: ScanContext): Promise<Preparation> {
  const { options, platform, log, stateDirectory, readInput } = context;
  const opened = await openedRules(context);
  const redact = redactorWith(opened?.rules);
  const coverage = new CoverageRecorder(log, redact);
  const excludes = compileExcludes(options.exclude, platform);
  const key = openFingerprintKey(platform, stateDirectory, options.fingerprintKey, readInput);
  const suppressor = await openSuppressions(options, keyId(key), readInput);
  const roots = resolveRoots(options.roots, platform, coverage);
  log(scanEvents.rootsResolved, { count: roots.length, roots: shown(roots, redact) });
  const mounts = foreignMounts(platform);
  const now = platform.clock.now();
  return { ...context, opened, redact, coverage, excludes, mounts, key, suppressor, roots, now };
}

/** Of the administrator; undefined when no file was given. */
async function openedRules({ options, log, readInput }: ScanContext): Promise<OpenedRules | undefined> {
  const { rules, rulesOnly } = options;
  if (rules !== undefined) {
    return openRules(rules, rulesOnly, readInput, (text) => log(scanEvents.ruleIgnored, { rules: text }));
  }
  if (!rulesOnly) return undefined;
  throw new TaskError('config', '--rules-only: no rules are given; name their file with --rules FILE');
}

function shown(roots: readonly Root[], redact: (text: string) => string): string {
  const text = roots.map(({ path }) => redact(path)).join(', ');
  return text.length <= ROOTS_SHOWN ? text : `${text.slice(0, ROOTS_SHOWN)} ...`;
}
