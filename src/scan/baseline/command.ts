/** `baseline update`: a baseline, brought up to date with a newer report. */
import * as z from 'zod';
import { TaskError } from '../../host/exit/task-error.ts';
import type { TaskCommand } from '../../host/task/task-command.ts';
import { LONGEST_PATH, boundedText } from '../../host/task/text-schemas.ts';
import type { JsonReport } from '../report/schema.ts';

const UpdateOptions = z.object({
  baseline: z.array(boundedText(LONGEST_PATH)).default([]).meta({
    description: 'The baseline to update: a JSON report',
    positional: true,
  }),
  from: boundedText(LONGEST_PATH).optional().meta({
    description: 'A newer JSON report of the same places. It must be made without --baseline',
    placeholder: 'file',
  }),
  add: z.boolean().default(false).meta({
    description: 'Also add the findings that are new. By default, they are listed and stay out',
  }),
});

export const updateBaseline: TaskCommand<typeof UpdateOptions> = {
  description: 'Bring a baseline up to date with a newer report',
  options: UpdateOptions,
  usage: ['[options] --from <file> <baseline>'],
  examples: [
    { arguments: 'baseline.json --from new.json', meaning: 'keep what is there, drop what is gone' },
    { arguments: 'baseline.json --from new.json --add', meaning: 'also accept what is new' },
  ],
  run: async (context) => {
    const { options, stdout, readInput, writeOutput, redact } = context;
    const [path, another] = options.baseline;
    const { from, add } = options;
    if (path === undefined || another !== undefined || from === undefined) {
      throw new TaskError(
        'usage',
        'name one baseline and a newer report: baseline update FILE --from NEW.json',
      );
    }
    const { readNamedReport } = await import('../report/read.ts');
    const old = await readNamedReport(path, 'the baseline', readInput);
    const newer = await readNamedReport(from, '--from', readInput);
    refuseUnfit(newer, old, from);
    const { describeUpdate, updatedBaseline } = await import('./update.ts');
    const { renderReport } = await import('../report/formats.ts');
    const updated = updatedBaseline(old, newer, add);
    const text = await renderReport('json', updated.report);
    await writeOutput(path, text, { what: 'the baseline', option: 'baseline update' });
    stdout.write(describeUpdate(path, updated, add, redact));
    return [];
  },
};

/** Entries that a report cannot have would all be dropped. */
function refuseUnfit(newer: JsonReport, old: JsonReport, from: string): void {
  const refuse = (reason: string) => new TaskError('config', `--from ${from}: ${reason}`);
  if (newer.outcome.fingerprintKey !== old.outcome.fingerprintKey) {
    throw refuse(
      'its fingerprints were made with another key than those of the baseline; make it as the same user and with the same --state-dir or --fingerprint-key',
    );
  }
  if ((newer.outcome.suppressed['baseline'] ?? 0) > 0) {
    throw refuse('it was made with --baseline and lacks the findings of the baseline; make it again without');
  }
}
