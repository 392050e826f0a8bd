/** `report merge`: one page for a fleet, from the reports and records of its machines. */
import * as z from 'zod';
import { TaskError, describeError } from '../../../host/exit/task-error.ts';
import { printable } from '../../../host/log/index.ts';
import type { TaskCommand, TaskCommandContext } from '../../../host/task/task-command.ts';
import { LONGEST_PATH, boundedText } from '../../../host/task/text-schemas.ts';
import { scanExits } from '../../model/exits.ts';
import type { RuleDescription } from '../../model/finding.ts';
import { plural } from '../quantities.ts';

const path = boundedText(LONGEST_PATH, 'a path of ');

const MergeOptions = z.object({
  folders: z.array(path).default([]).meta({
    description: 'Folders with JSON reports (*.json) and records as lines of JSON (*.jsonl, *.ndjson, *.log)',
    placeholder: 'folder',
    positional: true,
  }),
  output: path.default('fleet.html').meta({
    description: 'Write the page to this file. By default, fleet.html in the current folder',
    placeholder: 'file',
  }),
  teams: path.optional().meta({
    description:
      'Name the teams that are responsible, by machine or owner. CSV with the columns machine, owner and team, or JSON',
    placeholder: 'file',
  }),
});

/** The built-in rules, which records name and do not describe. */
type Rules = () => readonly RuleDescription[] | Promise<readonly RuleDescription[]>;

export function mergeReports(rules: Rules): TaskCommand<typeof MergeOptions> {
  return {
    description: 'Make one HTML page from the reports of many machines',
    options: MergeOptions,
    usage: ['[options] <folder>...'],
    examples: [
      { arguments: '/srv/reports --output fleet.html', meaning: 'all reports below a folder' },
      { arguments: '/srv/reports --teams teams.csv', meaning: 'with the teams that are responsible' },
    ],
    epilogue:
      'Several reports of a machine show what is new and what is gone. The same secret is recognised on several machines that share a key: see --fingerprint-key of a scan.',
    run: async (context) => await merge(context, rules),
  };
}

async function merge(
  context: TaskCommandContext<z.output<typeof MergeOptions>>,
  rules: Rules,
): Promise<readonly string[]> {
  const { options, stdout, stderr, readInput, writeOutput, signal } = context;
  if (options.folders.length === 0) {
    throw new TaskError('usage', 'report merge: name at least one folder with reports');
  }
  if (!/\.html?$/i.test(options.output)) {
    throw new TaskError('usage', `--output ${printable(options.output)}: the page needs the extension .html`);
  }
  const { MAX_TEAMS_BYTES, readTeams } = await import('./teams.ts');
  const teams =
    options.teams === undefined
      ? undefined
      : readTeams(
          (await readInput(options.teams, { what: '--teams', maxBytes: MAX_TEAMS_BYTES })).toString('utf8'),
          printable(options.teams),
        );
  const { FleetReader } = await import('./fleet-reader.ts');
  const reader = new FleetReader({ readInput, signal, rules });
  for (const folder of options.folders) {
    if (!(await readInput.isThere(folder, { what: 'the folder' }))) {
      throw new TaskError(scanExits.noRoot.name, `report merge: ${printable(folder)} does not exist`);
    }
    await reader.readFolder(folder);
  }
  for (const skipped of reader.skipped) {
    stderr.write(`left out ${printable(skipped.path)}: ${printable(skipped.reason)}\n`);
  }
  if (signal.aborted) return [signal.reason === 'SIGINT' ? 'interrupted' : 'terminated'];
  if (reader.machines === 0) {
    throw new TaskError(
      scanExits.badReport.name,
      'report merge: there is no usable report; nothing was written',
    );
  }
  const { htmlPage } = await import('../html/html-page.ts');
  const data = await reader.page(teams ?? (() => undefined));
  const output = { what: 'the page', option: '--output' };
  await writeOutput(options.output, await htmlPage(data), output).catch((error: unknown) => {
    throw error instanceof TaskError ? error : new TaskError('cannot-write', describeError(error));
  });
  stdout.write(
    `${printable(options.output)}: ${plural(reader.machines, 'machine')}, ${plural(data.findings.length, 'finding')}, from ${plural(reader.filesRead, 'file')}\n`,
  );
  return reader.skipped.length > 0 ? [scanExits.badReport.name] : [];
}
