/** The parts that only the scanner needs, which are removed for a new task. */

/** Files and folders. Replacements for some of them are in `template/`. */
export const scannerPaths: readonly string[] = [
  'src/scan',
  'src/ARCHITECTURE.md',
  'fixtures',
  'job-templates',
  'schemas',
  'test/scan',
  'test/fake-platform.ts',
  'test/task-under-test.ts',
  'test/wine',
  'scripts/bench',
  'scripts/captures',
  'scripts/captures.ts',
  'scripts/differential',
  'scripts/differential.ts',
  'scripts/fuzz',
  'scripts/fuzz.ts',
  'scripts/hostile',
  'scripts/hostile-inputs.ts',
  'scripts/page-captures.ts',
  'scripts/quality',
  'scripts/shared',
  'scripts/tables',
  'scripts/torture',
  'CONTRIBUTING.md',
  '.pre-commit-hooks.yaml',
  'docs/architecture.md',
  'docs/baselines.md',
  'docs/captures',
  'docs/comparison.md',
  'docs/configuration.md',
  'docs/containers.md',
  'docs/custom-rules.md',
  'docs/decisions',
  'docs/engine.md',
  'docs/findings.md',
  'docs/getting-started.md',
  'docs/git-history.md',
  'docs/html-page.md',
  'docs/pipelines.md',
  'docs/privacy.md',
  'docs/reports.md',
  'docs/rules',
  'docs/sources.md',
  'examples/pipelines',
  'scripts/new-task',
  'scripts/new-task.ts',
  'test/host/integration/new-task.test.ts',
];

/** Of `package.json`. */
export const scannerScripts: readonly string[] = [
  'bench',
  'bench:peers',
  'bench:rerun',
  'captures',
  'fuzz',
  'new-task',
  'prenew-task',
  'quality',
  'torture',
  'types:page',
];
export const scannerPackages: readonly string[] = [
  '@microsoft/sarif-multitool',
  '@eslint-community/regexpp',
  '@types/picomatch',
  'axe-core',
  'fast-check',
  'picomatch',
  'playwright-core',
  're2js',
  'smol-toml',
];
/** Keys with the address of this project. */
export const homeKeys: readonly string[] = ['bugs', 'homepage', 'repository'];

/** How the remaining files name the product, and the replacement for each name. */
export function renamed(name: string, title: string): readonly (readonly [string, string])[] {
  return [
    ['secrets-scan', name],
    ['SECRETS_SCAN', name.replaceAll('-', '_').toUpperCase()],
    ['Secrets scan', title],
  ];
}
