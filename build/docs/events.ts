/** All events: a table of them, then level, text, cause and remedy of each. */
import type { LogEvent } from '../../src/host/log/index.ts';
import type { Advice, TaskDocumentation } from '../../src/host/task/documentation.ts';
import type { Task } from '../../src/host/task/task.ts';
import { adviceSection } from './advice-section.ts';
import { hostEventAdvice, hostEvents } from './host-advice.ts';
import { table } from './markdown.ts';

/** @param own what the task says about its own events */
export function events(task: Task, own: TaskDocumentation['events']): string {
  const all = [...hostEvents, ...task.events].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const advice: Readonly<Record<string, Advice>> = { ...hostEventAdvice, ...own };
  const overview = table(
    ['event', 'level', 'message begins with'],
    all.map((event) => [`[${event.id}](#${event.id.replaceAll('.', '')})`, levelOf(event), event.text]),
  );
  const sections = all.map((event) =>
    adviceSection(event.id, `${levelOf(event)}: “${event.text}”`, advice[event.id]),
  );
  return [overview, ...sections].join('\n\n');
}

function levelOf({ level, raised }: LogEvent): string {
  return raised === undefined ? level : `${level} or ${raised}`;
}
