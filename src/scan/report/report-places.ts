/** What several formats say in the same words: where findings are, in which order, how severe. */
import { type Location, type Severity, severities } from '../model/finding.ts';
import { mayBeInFile } from '../model/location.ts';
import type { JsonReport } from './schema.ts';

type Finding = JsonReport['outcome']['findings'][number];

/** As titles. */
export const severityTitles = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
} as const satisfies Record<Severity, string>;

/** `3:7`, or `byte 4000` in a binary. */
export function positionOf({ line, column, bytes }: Location): string {
  return bytes === undefined ? `${line}:${column}` : `byte ${bytes.offset}`;
}

/** The folder that paths can be relative to: that of the scan, if it had one root. */
export interface BaseFolder {
  /** Absolute, with a separator at its end. */
  readonly path: string;
  /** A path in the folder, with `/` between its names; undefined for any other. */
  relative(path: string): string | undefined;
}

/** @returns undefined if the scan had several roots, or the report does not say which */
export function baseFolderOf({ host, outcome }: JsonReport): BaseFolder | undefined {
  const { roots = [], findings, coverage } = outcome;
  const [root, ...others] = roots;
  if (root === undefined || others.length > 0) return undefined;
  const separator = host.os === 'windows' ? '\\' : '/';
  const isFile = [...findings, ...coverage.gaps].some(({ path }) => path === root || mayBeInFile(path, root));
  const folder = isFile ? root.slice(0, root.lastIndexOf(separator)) : root;
  const base = folder.endsWith(separator) ? folder : folder + separator;
  return {
    path: base,
    relative: (path) =>
      path.startsWith(base) && path.length > base.length
        ? path.slice(base.length).replaceAll(separator, '/')
        : undefined,
  };
}

/** Shows paths relative to the root of the scan, if it had one. */
export function shownPaths(report: JsonReport): (path: string) => string {
  const base = baseFolderOf(report);
  return (path) => base?.relative(path) ?? path;
}

/** The findings, the most severe first; those in unmodified files of packages last. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ severity, shippedBy }: Finding) =>
    shippedBy === undefined ? severities.indexOf(severity) : -1;
  return findings.toSorted(
    (a, b) => rank(b) - rank(a) || Number(a.path > b.path) - Number(a.path < b.path) || a.line - b.line,
  );
}
