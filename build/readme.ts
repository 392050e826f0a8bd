/**
 * Updates the generated blocks of the README: usage, exit codes, log events. A contract test fails if they do not match the code.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import manifest from '../package.json' with { type: 'json' };
import { agentEvents } from '../src/host/agent/index.ts';
import { doctorEvents } from '../src/host/commands/doctor/steps/records.ts';
import { loadConfig } from '../src/host/config/index.ts';
import { deliveryEvents } from '../src/host/delivery/index.ts';
import { ExitTable } from '../src/host/exit/exit-table.ts';
import type { LogEvent } from '../src/host/log/index.ts';
import { runEvents } from '../src/host/task/run-events.ts';
import { loadTask } from './task.ts';

const task = await loadTask();

const README = 'README.md';

async function usage(): Promise<string> {
  const loaded = await loadConfig(['--help'], {}, task, manifest.version, { elevated: false });
  if (!('text' in loaded)) throw new Error('--help is not text');
  const [options = ''] = loaded.text.split('\nExit codes:');
  return `\`\`\`text\n${options.trimEnd()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function exitCodeTable(): string {
  const { rows: exits } = new ExitTable(task.exitCodes);
  const rows = exits.toSorted((a, b) => a.code - b.code);
  const order = exits.map(({ code }) => code).join(', ');
  const note = `When several apply, the first in this order counts: ${order}.`;
  const codes = table(
    ['code', 'meaning'],
    rows.map(({ code, meaning }) => [String(code), meaning]),
  );
  return `${codes}\n\n${note}`;
}

function eventTable(): string {
  const events: readonly LogEvent[] = [
    ...Object.values(runEvents),
    ...Object.values(agentEvents),
    ...Object.values(deliveryEvents),
    ...Object.values(doctorEvents),
    ...task.events,
  ];
  const rows = events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return table(
    ['event', 'level', 'message begins with'],
    rows.map(({ id, level, raised, text }) => [`\`${id}\``, raised ? `${level} or ${raised}` : level, text]),
  );
}

/** The README with up-to-date generated blocks. */
export async function generatedReadme(): Promise<string> {
  const blocks: Readonly<Record<string, string>> = {
    usage: await usage(),
    'exit-codes': exitCodeTable(),
    events: eventTable(),
  };
  const filled = readFileSync(README, 'utf8').replaceAll(
    /(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)/gs,
    (_, start: string, name: string, end: string) => `${start}\n${blocks[name]}\n\n${end}`,
  );
  return await format(filled, { ...(await resolveConfig(README)), parser: 'markdown' });
}

if (import.meta.main) writeFileSync(README, await generatedReadme());
