/** The scanner's part of the generated documentation. Not part of the executable. */
import { readFileSync } from 'node:fs';
import type { TaskDocumentation } from '../../host/task/documentation.ts';
import { wordsOf } from '../report/reason-words.ts';
import { scanEventAdvice, scanExitAdvice } from './advice.ts';
import { questions } from './questions.ts';
import { gapRemedies, skipRemedies } from './reasons.ts';
import { rulePages } from './rule-pages.ts';

export const documentation: TaskDocumentation = {
  events: scanEventAdvice,
  exits: scanExitAdvice,
  questions,
  blocks: async () => ({
    capture: capture('docs/captures/few-80.txt'),
    skipped: reasons('how to have it scanned', skipRemedies),
    unexamined: reasons('what to do', gapRemedies),
  }),
  folders: async () => ({ 'docs/rules': rulePages() }),
};

/** What a terminal shows: the beginning and the end. */
function capture(path: string): string {
  const paragraphs = readFileSync(path, 'utf8').trimEnd().split('\n\n');
  const shown = [...paragraphs.slice(0, 4), '...', ...paragraphs.slice(-2)];
  return `\`\`\`text\n${shown.join('\n\n')}\n\`\`\``;
}

/** Reasons, the words for them in reports, and a remedy for each. */
function reasons(head: string, remedies: Readonly<Record<string, string>>): string {
  const rows = Object.entries(remedies).map(
    ([reason, remedy]) => `| \`${reason}\` | ${wordsOf(reason)} | ${remedy} |`,
  );
  return [`| reason | in reports | ${head} |`, '| --- | --- | --- |', ...rows].join('\n');
}
