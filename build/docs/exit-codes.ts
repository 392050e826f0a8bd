/** The exit codes: a table of them, then cause and remedy of each, and which one counts when several apply. */
import { ExitTable } from '../../src/host/exit/exit-table.ts';
import type { Advice, TaskDocumentation } from '../../src/host/task/documentation.ts';
import type { Task } from '../../src/host/task/task.ts';
import { adviceSection } from './advice-section.ts';
import { hostExitAdvice } from './host-advice.ts';
import { table } from './markdown.ts';

/** @param own what the task says about its own exit codes */
export function exitCodes(task: Task, own: TaskDocumentation['exits']): string {
  const { rows } = new ExitTable(task.exitCodes);
  const advice: Readonly<Record<string, Advice>> = { ...hostExitAdvice, ...own };
  const sorted = rows.toSorted((a, b) => a.code - b.code);
  const overview = table(
    ['code', 'meaning'],
    sorted.map(({ code, meaning }) => [`[${code}](#${code})`, meaning]),
  );
  const order = rows.map(({ code }) => code).join(', ');
  const sections = sorted.map(({ name, code, meaning }) =>
    adviceSection(String(code), `**${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}**`, advice[name]),
  );
  return [overview, `When several apply, the first in this order counts: ${order}.`, ...sections].join(
    '\n\n',
  );
}
