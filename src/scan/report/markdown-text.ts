/** Text from outside in Markdown, as GitHub and GitLab show it. */
import { printable } from '../../host/log/index.ts';

/** Nothing in it can be an instruction: no mention, link, reference to an issue, emoji or HTML. */
const PLAIN = /^[\p{L}\p{N} ,()'/-]*$/u;

/** Text as it is if it is plain, otherwise as a code span, in which nothing has a meaning. */
export function shownText(text: string): string {
  return PLAIN.test(text) ? text : code(text);
}

/** A code span (CommonMark, section 6.1): its fence is longer than any row of backticks in the text. */
export function code(text: string): string {
  const shown = printable(text);
  if (shown.trim() === '') return '` `';
  const rows = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...rows.map(({ length }) => length)) + 1);
  // One space at each end is removed again.
  const padding = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}
