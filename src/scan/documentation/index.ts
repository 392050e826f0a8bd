/** The scanner's part of the generated documentation. Not part of the executable. */
import { readFileSync } from 'node:fs';
import type { TaskDocumentation } from '../../host/task/documentation.ts';
import { scanEventAdvice, scanExitAdvice } from './advice.ts';
import { questions } from './questions.ts';
import { gapReasons, skipReasons } from './reasons.ts';
import { rulePages } from './rule-pages.ts';

export const documentation: TaskDocumentation = {
  events: scanEventAdvice,
  exits: scanExitAdvice,
  questions,
  blocks: async () => ({
    capture: capture('docs/captures/few-80.txt'),
    skipped: table(['reason', 'what it is'], Object.entries(skipReasons)),
    unexamined: table(
      ['reason', 'what it means', 'what to do'],
      Object.entries(gapReasons).map(([reason, texts]) => [reason, ...texts]),
    ),
  }),
  folders: async () => ({ 'docs/rules': rulePages() }),
};

/** What a terminal shows: the beginning and the end. */
function capture(path: string): string {
  const paragraphs = readFileSync(path, 'utf8').trimEnd().split('\n\n');
  const shown = [...paragraphs.slice(0, 4), '...', ...paragraphs.slice(-2)];
  return `\`\`\`text\n${shown.join('\n\n')}\n\`\`\``;
}

/** The first column is code. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map(([first = '', ...others]) => line([`\`${first}\``, ...others]));
  return [line(head), line(head.map(() => '---')), ...body].join('\n');
}
