/**
 * What may import what. `*` stands for one name, and a place for everything below it. A file may always import
 * others in the same place, and packages are available to all.
 */

/** The first row that matches a file applies; a file without a matching row may import anything. */
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
  // A fork keeps these: nothing about one task belongs here.
  {
    from: 'test/host',
    to: ['package.json', 'build', 'examples', 'scripts', 'src/host', 'src/*/task-build.ts', 'test/tool.ts'],
  },
];

/**
 * The modules of a half, from the top: each may import those of the lines below its own, but not those on the same
 * line. `.` means the files directly in the folder.
 */
export const order: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'src/host': [
    ['run'],
    ['commands'],
    ['agent', 'config', 'job'],
    ['delivery', 'installation'],
    ['task'],
    ['log', 'platform'],
    ['exit'],
  ],
  'src/scan': [
    ['.'],
    ['documentation'],
    ['baseline', 'git-history', 'hooks', 'rule-commands', 'sources', 'threads'],
    ['files', 'git', 'state'],
    ['findings'],
    ['containers', 'detect', 'report', 'walk'],
    ['rules'],
    ['engine', 'model'],
  ],
};

/** Maximum number of layers of modules in `src/`. */
export const MOST_LAYERS = 10;

/** Files whose `import()` has a path that is known only at run time. */
export const computedImports: readonly string[] = ['build/task.ts'];
