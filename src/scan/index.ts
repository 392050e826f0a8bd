/** The task of this executable: find plaintext credentials. Importing it compiles no rule and opens no file. */
import type { Task } from '../host/task/task.ts';
import { redactSecrets } from './files/detector-module.ts';
import { inputOf, optionOf, refuseForInput } from './input.ts';
import { scanEvents } from './model/events.ts';
import { scanExits } from './model/exits.ts';
import { scanCommands } from './commands.ts';
import { examples, synonyms, topics } from './help.ts';
import { NAME } from './model/name.ts';
import { ScanOptions, refuseContradictions } from './options.ts';
import { reportFormats } from './report/formats.ts';
import { findingSchema } from './state/store-schema.ts';

export const secretsScan: Task<typeof ScanOptions> = {
  name: NAME,
  description:
    'Finds plaintext credentials in files. Reports say where they are and what to do, but never show them.',
  defaultCommand: { word: 'scan', description: 'Scan files and folders; the word may be left out' },
  examples,
  topics,
  synonyms,
  options: ScanOptions,
  commands: scanCommands,
  refuse: (options, run) => {
    refuseForInput(options);
    refuseContradictions(options, run);
  },
  events: Object.values(scanEvents),
  exitCodes: Object.values(scanExits),
  reportFormats,
  storeSchema: findingSchema,
  redact: redactSecrets,
  dryRunBecause: (options) => {
    const input = inputOf(options);
    return input && optionOf(input);
  },
  async *checks(context) {
    const { scanChecks } = await import('./checks.ts');
    yield* scanChecks(context);
  },
  execute: async (context) => {
    const { scan } = await import('./scan.ts');
    const { stream, options } = context;
    if (stream === undefined) {
      const outcome = await scan(context);
      const { scanResult } = await import('./report/index.ts');
      return scanResult(outcome, options);
    }
    const { FindingStream, scanResult } = await import('./report/index.ts');
    const streamed = new FindingStream(stream);
    return scanResult(await scan(context, (finding) => streamed.add(finding)), options, streamed);
  },
};
