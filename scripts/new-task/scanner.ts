/** What belongs to the scanner and to this script: all that a new task does without. */

/** Files and folders. What takes the place of some of them is in `template/`. */
export const scannerPaths: readonly string[] = [
  'src/scan',
  'src/ARCHITECTURE.md',
  'fixtures',
  'job-templates',
  'test/scan',
  'test/fake-platform.ts',
  'test/task-under-test.ts',
  'test/wine',
  'scripts/bench',
  'scripts/differential',
  'scripts/differential.ts',
  'scripts/fuzz',
  'scripts/fuzz.ts',
  'scripts/hostile',
  'scripts/hostile-inputs.ts',
  'scripts/quality',
  'scripts/shared',
  'scripts/tables',
  'scripts/torture',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/decisions',
  'docs/engine.md',
  'scripts/new-task',
  'scripts/new-task.ts',
  'test/host/integration/new-task.test.ts',
];

/** Of `package.json`. */
export const scannerScripts: readonly string[] = [
  'bench',
  'bench:peers',
  'bench:rerun',
  'fuzz',
  'new-task',
  'quality',
  'torture',
];
export const scannerPackages: readonly string[] = [
  '@types/picomatch',
  'fast-check',
  'picomatch',
  're2js',
  'smol-toml',
];
/** Keys that say where this project is at home. */
export const homeKeys: readonly string[] = ['bugs', 'homepage', 'repository'];

/** How files that stay name the product, and what takes the place of each name. */
export function renamed(name: string, title: string): readonly (readonly [string, string])[] {
  return [
    ['secrets-scan', name],
    ['SECRETS_SCAN', name.replaceAll('-', '_').toUpperCase()],
    ['Secrets scan', title],
  ];
}
