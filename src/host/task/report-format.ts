/** The formats of a task's reports, and what `--report` says about where a report goes. */
import { basename, resolve } from 'node:path';
import { TaskError } from '../exit/task-error.ts';
import { printable } from '../log/printable.ts';
import { nearest } from './nearest.ts';

/** A format of reports. */
export interface ReportFormat {
  /** For people: `JSON Lines`. */
  readonly title: string;
  /** A file whose name ends with one of these has this format; any other file needs the format's name: `--report=NAME:FILE`. */
  readonly extensions: readonly `.${string}`[];
  /** On standard output, the task writes most of it during the work: see `TaskContext.stream`. */
  readonly isStreamed?: boolean;
}

/** By name: lower case, at least two characters (one would be a drive of Windows). */
export type ReportFormats = Readonly<Record<string, ReportFormat>>;

/** A report that was asked for. */
export interface ReportTarget {
  /** One of the task's formats. */
  readonly format: string;
  /** The file; undefined for standard output. */
  readonly path: string | undefined;
}

/** Where standard output is meant. */
const STANDARD_OUTPUT = '-';
/** `NAME:FILE`. */
const NAMED = /^([a-z][a-z\d-]+):(.*)$/is;

/**
 * Reads the values of `--report`: `FILE`, `FORMAT:FILE` or `FORMAT:-`.
 * @throws TaskError `usage` for an unknown format, and for two reports that would overwrite each other
 */
export function reportTargets(values: readonly string[], formats: ReportFormats = {}): ReportTarget[] {
  const targets = values.map((value) => reportTarget(value, formats));
  const places = targets.map(({ path }) => (path === undefined ? STANDARD_OUTPUT : resolve(path)));
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice === undefined) return targets;
  const where = twice === STANDARD_OUTPUT ? 'standard output' : printable(twice);
  throw new TaskError('usage', `--report: two reports cannot both go to ${where}; name another file`);
}

function reportTarget(value: string, formats: ReportFormats): ReportTarget {
  if (value === STANDARD_OUTPUT) {
    const example = Object.keys(formats)[0] ?? '';
    throw new TaskError(
      'usage',
      `--report=-: standard output needs a format, for example --report=${example}:- (${namesOf(formats)})`,
    );
  }
  const [, name, path = ''] = NAMED.exec(value) ?? [];
  if (name === undefined) return { format: reportFormatOf(value, formats), path: value };
  const format = name.toLowerCase();
  if (!Object.hasOwn(formats, format)) {
    const meant = nearest(format, Object.keys(formats));
    const file = `for a file of this name, write ./${printable(value)}`;
    const remedy = meant === undefined ? file : `did you mean ${meant}? (${file})`;
    throw new TaskError(
      'usage',
      `--report=${printable(value)}: there is no report format "${name}" (${namesOf(formats)}); ${remedy}`,
    );
  }
  if (path === '') {
    throw new TaskError('usage', `--report=${printable(value)}: add a file, or - for standard output`);
  }
  return { format, path: path === STANDARD_OUTPUT ? undefined : path };
}

/**
 * The format that a file's name asks for: that of the longest extension it ends with.
 * @throws TaskError `usage` when it ends with none
 */
export function reportFormatOf(path: string, formats: ReportFormats): string {
  const name = basename(path).toLowerCase();
  const [format] = Object.entries(formats)
    .flatMap(([format, { extensions }]) => extensions.map((extension) => ({ format, extension })))
    .filter(({ extension }) => name.endsWith(extension) && name.length > extension.length)
    .toSorted((a, b) => b.extension.length - a.extension.length);
  if (format !== undefined) return format.format;
  const known = Object.values(formats).flatMap(({ extensions }) => extensions);
  const example = Object.keys(formats)[0] ?? '';
  throw new TaskError(
    'usage',
    `the report ${printable(path)} needs one of these extensions: ${known.join(', ')}; or write the format before it, as in ${example}:FILE (${namesOf(formats)})`,
  );
}

function namesOf(formats: ReportFormats): string {
  return `formats: ${Object.keys(formats).join(', ')}`;
}

/** The formats for `--help`: `json (.json), gitlab`. */
export function listOfFormats(formats: ReportFormats): string {
  return Object.entries(formats)
    .map(([name, { extensions }]) => (extensions.length === 0 ? name : `${name} (${extensions.join(', ')})`))
    .join(', ');
}
