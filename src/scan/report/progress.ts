/** The progress of a scan, for a person who waits. */
import type { Progress } from '../../host/task/progress.ts';
import type { Coverage } from '../model/finding.ts';
import { plural, size } from './quantities.ts';

/** A scan at a moment. */
export interface ScanMoment extends Pick<Coverage, 'files' | 'unchanged' | 'bytes'> {
  readonly findings: number;
  /** Since it began. */
  readonly milliseconds: number;
  /** The folder that the main thread scans. */
  readonly folder: string | undefined;
  /** How much is done, where that is known; it may exceed 1 when files appear meanwhile. */
  readonly fraction: number | undefined;
}

export function progressOf({ files, unchanged, bytes, ...moment }: ScanMoment): Progress {
  const { findings, milliseconds, folder, fraction } = moment;
  const rate = (bytes * 1000) / Math.max(1, milliseconds);
  return {
    done: [
      plural(files + unchanged, 'file'),
      size(bytes),
      `${size(Math.round(rate))}/s`,
      plural(findings, 'finding'),
    ],
    at: folder,
    fraction: fraction !== undefined && Number.isFinite(fraction) ? Math.min(1, fraction) : undefined,
  };
}
