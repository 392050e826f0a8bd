/** `job lint`: finds mistakes in job documents before they are deployed. */
import { basename } from 'node:path';
import * as z from 'zod';
import { CoreOptions, readFlags } from '../config/index.ts';
import { hostExitCode } from '../exit/exit-table.ts';
import { TaskError, describeError } from '../exit/task-error.ts';
import { lintJob } from '../job/index.ts';
import { printable, redactor } from '../log/index.ts';
import { inputReader } from '../platform/index.ts';
import { parseJson } from '../platform/untrusted-json.ts';
import type { Command } from '../task/command.ts';
import { LONGEST_PATH, boundedText } from '../task/text-schemas.ts';

/** A larger file is no job document. */
const MAX_BYTES = 1024 * 1024;
/** Problems that are shown for a document. */
const MAX_PROBLEMS = 100;

const NO_FILE = 'name at least one job document';

export const JobLintOptions = z.object({
  documents: z.array(boundedText(LONGEST_PATH), NO_FILE).min(1, NO_FILE).meta({
    description: 'Job documents (JSON) to check',
    placeholder: 'file',
    positional: true,
  }),
  os: z.enum(['windows', 'linux', 'macOS']).optional().meta({
    description: 'Operating system of the machines that the job is for. By default, that of this machine',
  }),
  agentRoot: CoreOptions.shape.agentRoot.meta({
    description: "The agent's root on those machines. By default, each of the usual places is accepted",
    placeholder: 'folder',
  }),
  allowUntrustedFiles: CoreOptions.shape.allowUntrustedFiles,
});

export const jobLint: Command = async (argv, { task, version, platform, stdout, signal }) => {
  const program = {
    name: `${task.name} job lint`,
    description:
      'Finds mistakes in a job document: those for which an agent ignores the job, refuses it, or runs it without its log records.',
    usage: ['[options] <file>..'],
    epilogue: 'Exit codes:\n    0  no problem was found\n   78  there are problems, or a file cannot be read',
  };
  const read = readFlags(argv, JobLintOptions, program, version);
  if ('text' in read) {
    stdout.write(read.text);
    return hostExitCode('ok');
  }
  const { documents, os = platform.os, agentRoot, allowUntrustedFiles } = read.options;
  const readInput = inputReader({ elevated: platform.elevated, allowUntrusted: allowUntrustedFiles, signal });
  const redact = redactor(task.redact);
  let isClean = true;
  for (const path of documents) {
    const text = (await readInput(path, { what: 'the job document', maxBytes: MAX_BYTES })).toString('utf8');
    const problems = lintJob(parsed(text, path), {
      fileName: basename(path),
      os,
      ...(agentRoot !== undefined && { agentRoot }),
    });
    isClean &&= problems.length === 0;
    const lines = problems.length === 0 ? ['no problem found'] : problems.slice(0, MAX_PROBLEMS);
    for (const line of lines) stdout.write(`${printable(redact(`${path}: ${line}`))}\n`);
  }
  return hostExitCode(isClean ? 'ok' : 'config');
};

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new TaskError('config', `the job document ${path} is not valid JSON: ${describeError(error)}`);
  }
}
