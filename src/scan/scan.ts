/** The work of one run: roots, walk, files, findings. Loaded only when there is work to do. */
import type * as z from 'zod';
import type { Outcome, RuleDescription, TaskContext } from '../task.ts';
import { CoverageRecorder } from './coverage.ts';
import { createEngine } from './engine/index.ts';
import { scanEvents } from './events.ts';
import { FileScanner, SCANNER_MEMORY } from './file-scanner.ts';
import { FindingCollector } from './findings.ts';
import type { ScanOptions } from './options.ts';
import { Pace } from './pace.ts';
import { redactSecrets } from './redaction.ts';
import { allRules } from './rules/index.ts';
import { keywordPlan } from './rules/keyword-plan.ts';
import { openFingerprintKey } from './state/fingerprint-key.ts';
import { type Root, compileExcludes, resolveRoots, walk } from './walk/index.ts';

/** How many characters of the joined roots go into their record. */
const ROOTS_SHOWN = 500;

/**
 * Scans the roots. Ends early, with what it has, when the signal aborts.
 * @throws TaskError `no-root` when none exists, `config` for a bad glob, `cannot-write` when there is no fingerprint key.
 */
export async function scan(context: TaskContext<z.output<typeof ScanOptions>>): Promise<Outcome> {
  const { options, platform, log, signal, stateDirectory } = context;
  const coverage = new CoverageRecorder(log, redactSecrets);
  const findings = new FindingCollector(log, redactSecrets);
  const excludes = compileExcludes(options.exclude, platform);
  const key = openFingerprintKey(platform, stateDirectory);
  const roots = resolveRoots(options.roots, platform, coverage);
  log(scanEvents.rootsResolved, { count: roots.length, roots: shown(roots) });

  const pace = new Pace(platform.clock, signal, () => {
    const { folders, files, bytes } = coverage;
    log(scanEvents.progress, { folders, files, bytes, findings: findings.total });
  });
  const engine = createEngine(allRules, { capacity: SCANNER_MEMORY, plan: keywordPlan });
  const scanner = new FileScanner({
    fs: platform.fs,
    detector: { engine, rules: allRules, key, now: platform.clock.now() },
    coverage,
    pace,
    onDetection: (path, detection) => findings.add(path, detection),
  });
  // The records of the start are on their way before the first long stretch of work.
  await pace.rest();
  for (const path of walk(roots, { platform, excludes, coverage, isOver: () => pace.isOver })) {
    // Most files are scanned at once, and cost no turn of the event loop.
    const large = scanner.scan(path);
    if (large !== undefined) await large;
    if (pace.isRestDue) await pace.rest();
  }
  scanner.flush();
  return {
    rules: allRules.map(describe),
    findings: findings.kept,
    findingCount: findings.count,
    coverage: coverage.outcome(),
  };
}

function describe({ id, title, severity, remediation, source }: RuleDescription): RuleDescription {
  return { id, title, severity, remediation, source };
}

function shown(roots: readonly Root[]): string {
  const text = roots.map(({ path }) => redactSecrets(path)).join(', ');
  return text.length <= ROOTS_SHOWN ? text : `${text.slice(0, ROOTS_SHOWN)} ...`;
}
