/** The task of this executable: find plaintext credentials. Importing it compiles no rule and opens no file. */
import type { Task } from '../task.ts';
import { scanEvents } from './events.ts';
import { redactSecrets } from './examining.ts';
import { ScanOptions } from './options.ts';
import { findingSchema } from './store-schema.ts';

export const secretsScan: Task<typeof ScanOptions> = {
  name: 'secrets-scan',
  description:
    'Finds plaintext credentials in files, and reports where they are without ever reporting them.',
  configSchema: ScanOptions,
  events: Object.values(scanEvents),
  storeSchema: findingSchema,
  redact: redactSecrets,
  execute: async (context) => (await import('./scan.ts')).scan(context),
};
