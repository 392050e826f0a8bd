/** Numbers for people. */
import { grouped } from '../../host/log/grouped.ts';

/** `1 file`, `1,204 files`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Decimal units (SI): `512 B`, `45.3 kB`, `1.2 MB`, `8.4 GB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const unit = units.find(({ most }) => bytes < most) ?? units[units.length - 1];
  return `${(bytes / (unit?.bytes ?? 1)).toFixed(1)} ${unit?.name}`;
}

/** `most` is where rounding would show a thousand of them. */
const units = [
  { name: 'kB', bytes: 1e3, most: 999_950 },
  { name: 'MB', bytes: 1e6, most: 999_950_000 },
  { name: 'GB', bytes: 1e9, most: 999_950_000_000 },
  { name: 'TB', bytes: 1e12, most: Infinity },
] as const;
