/** Numbers, dates and names as people read them. */

const numbers = new Intl.NumberFormat('en');
const days = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const DAY_MS = 86_400_000;

/** `1,204`. */
export function number(count: number): string {
  return numbers.format(count);
}

/** `1 file`, `1,204 files`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${number(count)} ${count === 1 ? noun : many}`;
}

/** `Nov 30, 2026`. @param at ISO 8601 */
export function day(at: string): string {
  return days.format(new Date(at));
}

/** `Nov 30, 2026, 6:23 PM UTC`. */
export function moment(at: string): string {
  return `${moments.format(new Date(at))} UTC`;
}

/** `today`, `1 day`, `272 days`. */
export function age(since: string, at: string): string {
  const passed = Math.max(0, Math.floor((Date.parse(at) - Date.parse(since)) / DAY_MS));
  return passed === 0 ? 'today' : plural(passed, 'day');
}

/** `0.4 seconds`, `12 minutes`. */
export function duration(from: string, to: string): string {
  const seconds = Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} seconds`;
  if (seconds < 120) return plural(Math.round(seconds), 'second');
  const minutes = seconds / 60;
  return minutes < 120 ? plural(Math.round(minutes), 'minute') : `${(minutes / 60).toFixed(1)} hours`;
}

/** Decimal units: `512 B`, `45.3 MB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

/** `high`: `High`. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
