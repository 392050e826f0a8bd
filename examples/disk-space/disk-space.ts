/** Warns when a file system is running out of space: once when it becomes low, and once when it has recovered. */
import { stat, statfs } from 'node:fs/promises';
import * as z from 'zod';
import { systemReason } from '../../src/host/exit/task-error.ts';
import { MountTable, type Platform, requireAnswer } from '../../src/host/platform/index.ts';
import { count } from '../../src/host/task/number-schemas.ts';
import type { Task, TaskContext, TaskReport } from '../../src/host/task/task.ts';
import { LONGEST_PATH, boundedText } from '../../src/host/task/text-schemas.ts';

const Options = z.object({
  folders: z.array(boundedText(LONGEST_PATH)).default([]).meta({
    description:
      'Folders whose file systems are checked. By default, every local file system of this machine',
    positional: true,
  }),
  minimum: count('percent', 1, 99).prefault(10).meta({
    description: 'Warn when less than this is free',
    placeholder: 'percent',
  }),
});
type Context = TaskContext<z.output<typeof Options>>;

const events = {
  low: { id: 'disk.low', level: 'Warning', text: 'File system is running out of space' },
  recovered: { id: 'disk.recovered', level: 'Warning', text: 'File system has enough space again' },
  unknown: { id: 'disk.unknown', level: 'Warning', text: 'Free space cannot be determined' },
} as const;

interface Space {
  readonly path: string;
  /** Percent, as `df` counts it. */
  readonly free: number;
  readonly isLow: boolean;
}

/** Images that are full by design. */
const readOnly = new Set(['cramfs', 'erofs', 'iso9660', 'squashfs', 'udf']);

function defaultFolders(platform: Platform): string[] {
  if (platform.os !== 'linux') return [platform.path.parse(platform.systemStateHome).root];
  const mounts = [...new MountTable(platform).all()];
  return mounts.filter(({ foreign, type }) => !foreign && !readOnly.has(type)).map(({ path }) => path);
}

async function measure({ options, platform, log, signal }: Context): Promise<Space[]> {
  const folders = options.folders.length > 0 ? options.folders : defaultFolders(platform);
  const spaces = new Map<number, Space>();
  for (const path of folders.toSorted((a, b) => a.length - b.length)) {
    if (signal.aborted) break;
    try {
      await requireAnswer({ path, what: 'the folder', kind: 'config', remedy: 'leave it out', signal });
      const { dev } = await stat(path);
      const { blocks, bfree, bavail } = await statfs(path);
      const free = Math.floor((bavail / (blocks - bfree + bavail)) * 100);
      // A file system of no size has none.
      if (blocks > 0 && !spaces.has(dev)) spaces.set(dev, { path, free, isLow: free < options.minimum });
    } catch (error) {
      log(events.unknown, { path, error: systemReason(error) });
    }
  }
  return [...spaces.values()];
}

function announceNews({ state, log, announce, retell }: Context, spaces: readonly Space[]): void {
  if (state === undefined) {
    // A dry run knows of no earlier run.
    for (const { path, free, isLow } of spaces) if (isLow) log(events.low, { path, free });
    return;
  }
  state.commit((store) => {
    for (const { path, free, isLow } of spaces) {
      const wasLow = store.prepare('SELECT 1 FROM low WHERE path = ?').get(path) !== undefined;
      const event = isLow ? events.low : events.recovered;
      const isNews = wasLow !== isLow || (isLow && retell);
      if (!isNews || !announce(event, { path, free }, '')) continue;
      store
        .prepare(isLow ? 'INSERT OR IGNORE INTO low VALUES (?)' : 'DELETE FROM low WHERE path = ?')
        .run(path);
    }
  });
}

function reportOf(spaces: readonly Space[]): TaskReport {
  return {
    text: ({ exitMeaning }) =>
      [...spaces.map(({ path, free }) => `${free} % free  ${path}`), exitMeaning, ''].join('\n'),
    file: (_, run) => `${JSON.stringify({ ...run, fileSystems: spaces }, null, 2)}\n`,
  };
}

export const diskSpace: Task<typeof Options> = {
  name: 'disk-space',
  description: 'Warns when a file system is running out of space.',
  options: Options,
  events: Object.values(events),
  exitCodes: [{ name: 'low', code: 10, meaning: 'less than --minimum is free', kind: 'verdict' }],
  reportFormats: { json: { title: 'JSON', extensions: ['.json'] } },
  storeSchema: ['CREATE TABLE low (path TEXT PRIMARY KEY) STRICT'],
  execute: async (context) => {
    const spaces = await measure(context);
    announceNews(context, spaces);
    const low = spaces.filter(({ isLow }) => isLow).length;
    return {
      summary: { fileSystems: spaces.length, low },
      needsAttention: low > 0,
      exits: low > 0 ? ['low'] : [],
      report: reportOf(spaces),
    };
  },
};
