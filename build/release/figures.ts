/**
 * The table at the end of a release: size and start-up time of each target, next to those of the last release,
 * which `figures.json` stores.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { taskBuild } from '../task.ts';
import type { ReleasedTarget } from './manifest.ts';
import type { Start, StartUp } from './start-up.ts';

const FILE = join(import.meta.dirname, 'figures.json');
const Figures = z.object({
  task: z.string(),
  version: z.string(),
  targets: z.record(
    z.string(),
    z.object({
      archiveBytes: z.int(),
      executableBytes: z.int(),
      /** Relative to a bare `node -e 0`, where the target could be run. */
      version: z.number().optional(),
      idleRun: z.number().optional(),
    }),
  ),
});
type Figures = z.output<typeof Figures>;

export interface Measured {
  readonly released: ReleasedTarget;
  readonly startUp: readonly StartUp[];
}

/** The lines of the table. */
export function figuresTable(measured: readonly Measured[]): string[] {
  const kept = Figures.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  // Figures of another task are not compared.
  const last = kept.task === taskBuild.name ? kept : { ...kept, targets: {} };
  const now = figuresOf('', measured).targets;
  const head = [
    'target',
    'archive',
    'executable',
    '--version',
    'idle run',
    'SHA-256 of archive',
    'signature',
  ];
  const rows = measured.map(({ released: { target, archive, signature } }) => {
    const [figures, before] = [now[target], last.targets[target]];
    return [
      target,
      compared(figures?.archiveBytes, before?.archiveBytes, megabytes),
      compared(figures?.executableBytes, before?.executableBytes, megabytes),
      compared(figures?.version, before?.version, ratio),
      compared(figures?.idleRun, before?.idleRun, ratio),
      archive.sha256,
      [signature.kind, signature.thumbprint].filter(Boolean).join(' '),
    ];
  });
  const lines = aligned([head, ...rows]);
  const since = Object.keys(last.targets).length > 0 ? `In brackets: the change since ${last.version}. ` : '';
  return [...lines, `${since}x: times a bare "node -e 0".`];
}

/** The lines about packages; none without packages. */
export function packagesTable(measured: readonly Measured[]): string[] {
  const packages = measured.flatMap(({ released }) => released.packages);
  if (packages.length === 0) return [];
  const rows = packages.map(({ path, bytes, sha256 }) => [path, megabytes(bytes), sha256]);
  return ['', ...aligned([['package', 'size', 'SHA-256'], ...rows])];
}

/** Rows as lines, with columns one below the other. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Stores these figures as the ones that later releases are compared with. */
export function keepFigures(version: string, measured: readonly Measured[]): void {
  writeFileSync(FILE, `${JSON.stringify(figuresOf(version, measured), null, 2)}\n`);
}

function figuresOf(version: string, measured: readonly Measured[]): Figures {
  const entries = measured.map(({ released, startUp }) => {
    const of = (start: Start) => {
      const measuredStart = startUp.find((one) => one.start === start);
      return measuredStart && Number(measuredStart.ratio.toFixed(2));
    };
    return [
      released.target,
      {
        archiveBytes: released.archive.bytes,
        executableBytes: released.executable.bytes,
        version: of('--version'),
        idleRun: of('idle run'),
      },
    ] as const;
  });
  return { task: taskBuild.name, version, targets: Object.fromEntries(entries) };
}

function compared(
  value: number | undefined,
  before: number | undefined,
  format: (value: number) => string,
): string {
  if (value === undefined) return '-';
  if (before === undefined) return format(value);
  const percent = (value / before - 1) * 100;
  return `${format(value)} (${percent < 0 ? '' : '+'}${percent.toFixed(1)} %)`;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const ratio = (value: number) => `${value.toFixed(2)} x`;
