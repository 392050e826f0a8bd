/** The names of log files: two documented ones ("Reading logs"), and the one of Serilog's rolling files, which was seen on machines. */

export const logNamings = ['newer', 'older', 'dated'] as const;

/**
 * - `newer`: `KeeperLogger.log`; a rotated file is `KeeperLogger_YYYYMMDD.log` or, for its size, `KeeperLogger_YYYYMMDD_HHMMSS.log`.
 * - `older`: `KeeperLoggerYYYYMMDD.log`, one per day of any size.
 * - `dated`: `KeeperLoggerYYYYMMDD.log`, then for its size `KeeperLoggerYYYYMMDD_001.log` and so on. Nothing is renamed.
 */
export type LogNaming = (typeof logNamings)[number];

/** A moment: a day as `YYYYMMDD`, a time as `HHMMSS`. */
export interface Stamp {
  readonly day: string;
  readonly time: string;
}

/** The file that is written on a day, `YYYYMMDD`. `sequence` counts the files of the day from 0. */
export function activeName(naming: LogNaming, day: string, sequence: number): string {
  if (naming === 'newer') return 'KeeperLogger.log';
  const isFirst = naming === 'older' || sequence === 0;
  return `KeeperLogger${day}${isFirst ? '' : `_${String(sequence).padStart(3, '0')}`}.log`;
}

const dayInName: Readonly<Record<LogNaming, RegExp>> = {
  newer: /^KeeperLogger_(\d{8})(?:_\d{6})?\.log$/,
  older: /^KeeperLogger(\d{8})\.log$/,
  dated: /^KeeperLogger(\d{8})(?:_\d{3})?\.log$/,
};

/** The day of a file that may be removed, `YYYYMMDD`; undefined for any other file. */
export function dayOf(naming: LogNaming, name: string): string | undefined {
  return dayInName[naming].exec(name)?.[1];
}
