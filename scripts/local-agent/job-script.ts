/** Jobs whose executable is a few lines for Node, for tests and measurements of the agent. */
import { join } from 'node:path';

/** The text of such an executable, with the functions of `job-client.ts` at hand. */
export function nodeScript(body: string): string {
  const client = JSON.stringify(join(import.meta.dirname, 'job-client.ts'));
  return `#!${process.execPath}\nimport { api, connect, record, tell } from ${client};\n${body}\n`;
}
