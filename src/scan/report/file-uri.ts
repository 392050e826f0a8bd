/**
 * File URIs of any operating system's paths, on any operating system. Unlike `pathToFileURL` it never throws: an
 * unusual path in one finding must not cost the whole report.
 */
import type { Os } from '../../host/platform/index.ts';
import { sourceOfPlace } from '../model/source-place.ts';

/**
 * `file:///C:/a%20b` for `C:\a b`, `file://server/share/x` for `\\server\share\x` (RFC 8089, appendix E),
 * `file:///a%5Cb` for the POSIX path `/a\b`. A lone surrogate becomes U+FFFD.
 * @param path absolute, in the form of `os`; or the place of something that is not a file
 */
export function fileUri(path: string, os: Os): string {
  // Begins with a word and a colon, as a URI does.
  if (sourceOfPlace(path) !== undefined) return encodePath(path);
  // Standard input has a name that is no path.
  if (os !== 'windows') return `file://${path.startsWith('/') ? '' : '/'}${encodePath(path)}`;
  // Microsoft, "Maximum Path Length Limitation": the prefix turns parsing off and is not part of the path.
  const plain = path.replace(/^\\\\\?\\(UNC\\)?/, (_, unc?: string) => (unc === undefined ? '' : '\\\\'));
  const slashed = encodePath(plain.replaceAll('\\', '/'));
  if (slashed.startsWith('//')) return `file:${slashed}`;
  return slashed.startsWith('/') ? `file://${slashed}` : `file:///${slashed}`;
}

/** A relative reference; `:` in its first name would end a scheme (RFC 3986, section 4.2). @param path with `/` between names */
export function relativeUri(path: string): string {
  return encodePath(path).replaceAll(':', '%3A');
}

/**
 * What `encodeURI` leaves of a path is a `pchar` or `/` (RFC 3986, section 3.3), except for the two that end a
 * path.
 */
function encodePath(path: string): string {
  return encodeURI(path.toWellFormed()).replaceAll(/[?#]/g, encodeURIComponent);
}
