/**
 * What may import what. `*` stands for one name, and a place for all that is below it. A place may always import what lies in
 * the same one, and packages are free to all.
 */

/** The first row that fits a file counts; a file that none fits may import anything. */
export const areas: readonly { readonly from: string; readonly to: readonly string[] }[] = [
  {
    from: 'src/main.ts',
    to: ['package.json', 'src/host', 'src/*/index.ts', 'src/*/task-build.ts'],
  },
  { from: 'src/host', to: [] },
  // A task.
  { from: 'src/*', to: ['src/host/task', 'src/host/log', 'src/host/platform', 'src/host/exit'] },
  { from: 'build', to: ['package.json', 'src/host', 'src/*/task-build.ts'] },
  { from: 'scripts', to: ['package.json', 'build', 'fixtures', 'src/host', 'src/*/task-build.ts'] },
  { from: 'fixtures', to: ['src/host', 'src/*/task-build.ts'] },
  { from: 'examples/*', to: ['package.json', 'src/host'] },
];

/**
 * The modules of a half, from the top: each may import those of the lines below its own, none beside it. `.` are the files that
 * lie in the folder itself.
 */
export const order: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'src/host': [['run'], ['agent', 'config', 'job'], ['delivery'], ['task'], ['log', 'platform'], ['exit']],
  'src/scan': [
    ['.'],
    ['threads'],
    ['files', 'state'],
    ['findings'],
    ['detect', 'report', 'walk'],
    ['rules'],
    ['engine', 'model'],
  ],
};

/** Modules of `src/` that may import one another in a row. */
export const MOST_LAYERS = 10;

/** Files whose `import()` gets a path that nobody can know beforehand. */
export const computedImports: readonly string[] = ['build/task.ts'];
