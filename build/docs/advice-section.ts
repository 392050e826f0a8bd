/** A section about one event or one exit code. */
import type { Advice } from '../../src/host/task/documentation.ts';

/** @param said what the program itself says; Markdown */
export function adviceSection(title: string, said: string, advice: Advice | undefined): string {
  const { cause, remedy } = advice ?? {};
  return [
    `### ${title}`,
    said,
    ...(cause === undefined ? [] : [cause]),
    ...(remedy === undefined ? [] : [`**What to do:** ${remedy}`]),
  ].join('\n\n');
}
