/** The task of this executable: find plaintext credentials. Importing it compiles no rule and opens no file. */
import type { Task } from '../host/task/task.ts';
import { scanEvents } from './model/events.ts';
import { redactSecrets } from './files/detector-module.ts';
import { ScanOptions } from './options.ts';
import { findingSchema } from './state/store-schema.ts';

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
