/**
 * Merges flags, environment, configuration file and defaults, in this order of precedence, into one frozen configuration. The rest
 * of the program does not know where a value came from.
 */
import type * as z from 'zod';
import { TaskError } from '../exit/task-error.ts';
import { type Platform, inputReader } from '../platform/index.ts';
import type { Task } from '../task/task.ts';
import { helpText, parseCommandLine } from './command-line.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readConfigFile } from './file.ts';
import { type Option, type OptionSource, optionsOf } from './options.ts';
import { CoreOptions, hostOptions } from './schema.ts';

/** The validated configuration of a run. */
export interface Config<Schema extends z.ZodObject = z.ZodObject> extends Readonly<CoreOptions> {
  /** The task's own options. */
  readonly task: z.output<Schema>;
}

/** Either a configuration, or a text to print instead of running. */
export type Loaded<Schema extends z.ZodObject> =
  { readonly config: Config<Schema> } | { readonly text: string };

/** A value and where it was set. */
interface Setting {
  readonly value: unknown;
  readonly source: OptionSource;
}

/**
 * Loads the configuration of a run.
 * @param signal aborted when the run must end: ends the wait for the configuration file
 * @param purpose `needsAgent` is false for commands that also work where no agent has started the process
 * @throws TaskError `usage` for a mistake on the command line, `config` for any other; the message names it
 */
export async function loadConfig<Schema extends z.ZodObject>(
  argv: readonly string[],
  env: Environment,
  task: Task<Schema>,
  version: string,
  { elevated }: Pick<Platform, 'elevated'>,
  signal?: AbortSignal,
  { needsAgent = true }: { readonly needsAgent?: boolean } = {},
): Promise<Loaded<Schema>> {
  const options = [...optionsOf(task.options, task.name), ...optionsOf(hostOptions(task), task.name)];
  const commandLine = parseCommandLine(argv, task, options);
  if (commandLine.help) return { text: await helpText(task, options) };
  if (commandLine.version) return { text: `${version}\n` };

  const settings = new Map<string, Setting>();
  const add = (values: ReadonlyMap<string, unknown>, source: OptionSource) => {
    for (const [key, value] of values) if (!settings.has(key)) settings.set(key, { value, source });
  };
  add(commandLine.values, 'flag');
  add(readEnvironment(env, task.name, options), 'environment');
  const file = settings.get('config')?.value;
  // An invalid name is reported below, like other invalid options.
  if (typeof file === 'string' && CoreOptions.shape.config.safeParse(file).success) {
    // The file cannot set this option for itself.
    const allowUntrusted = settings.get('allowUntrustedFiles')?.value === true;
    const readInput = inputReader({ elevated, allowUntrusted, signal });
    add(await readConfigFile(file, options, readInput), 'file');
  }

  const core = validate(CoreOptions, settings, options);
  refuseContradictions(core);
  const own = validate(task.options, settings, options);
  const because = task.dryRunBecause?.(own);
  if (because !== undefined && core.standalone) {
    throw new TaskError(
      'usage',
      `--standalone: ${because} is for runs by hand, which keep no state; leave out one of them`,
    );
  }
  const dryRun = core.dryRun || because !== undefined;
  if (needsAgent && !dryRun && !core.standalone) requireJob(core);
  Object.freeze(own);
  return { config: Object.freeze({ ...core, dryRun, task: own }) };
}

function refuseContradictions(core: CoreOptions): void {
  const { dryRun, standalone, jitter, maxDuration, caFile, tlsServerName, mqttUser, mqttPasswordFile } = core;
  if (dryRun && standalone) {
    throw new TaskError(
      'config',
      '--dry-run and --standalone exclude each other: the first keeps no state, the second does',
    );
  }
  if (jitter !== undefined && jitter >= maxDuration) {
    throw new TaskError(
      'config',
      '--jitter must be shorter than --max-duration, which counts from the start',
    );
  }
  if (tlsServerName !== undefined && caFile === undefined) {
    throw new TaskError(
      'config',
      '--tls-server-name has no effect without --ca-file, because the certificate is not verified',
    );
  }
  if (mqttPasswordFile !== undefined && mqttUser === undefined) {
    throw new TaskError(
      'config',
      '--mqtt-password-file needs --mqtt-user: MQTT has no password without a user',
    );
  }
}

/** Requires what only the agent can give. The address of its API can be found in other ways. */
function requireJob({ jobId }: CoreOptions): void {
  if (jobId === undefined) {
    throw new TaskError(
      'config',
      'KEEPER_JOB_ID is not set: the agent sets it for a job whose mqttTopics has entries; use --dry-run to run by hand, --standalone for another scheduler',
    );
  }
}

function validate<Schema extends z.ZodObject>(
  schema: Schema,
  settings: ReadonlyMap<string, Setting>,
  options: readonly Option[],
): z.output<Schema> {
  const input = Object.fromEntries([...settings].map(([key, { value }]) => [key, value]));
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = String(issue?.path[0]);
  const source = settings.get(key)?.source ?? 'file';
  const option = options.find((candidate) => candidate.key === key);
  const where = option === undefined ? key : nameIn(option, source, pathOf(issue?.path ?? [key]));
  const wantsBoolean = issue?.code === 'invalid_type' && issue.expected === 'boolean';
  const problem = wantsBoolean ? 'expected true or false' : issue?.message;
  throw new TaskError(source === 'flag' ? 'usage' : 'config', `${where}: ${problem}`);
}

/** The name of an option in the source that set it. */
function nameIn(option: Option, source: OptionSource, path: string): string {
  if (source === 'environment') return option.variable;
  if (source === 'file') return `"${path}" in the configuration file`;
  return option.positional ? option.flag : `--${option.flag}`;
}

/** The path of a value in the configuration file, up to the first part that may be other than a name of ours. */
function pathOf(path: readonly PropertyKey[]): string {
  const end = path.findIndex((part) => !/^(?:[A-Za-z]{1,24}|\d{1,9})$/.test(String(part)));
  return path.slice(0, end === -1 ? path.length : end).join('.');
}
