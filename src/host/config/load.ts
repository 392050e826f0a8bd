/**
 * Merges flags, environment, configuration file and defaults, in this order of precedence, into one frozen configuration. The rest
 * of the program does not know where a value came from.
 */
import type * as z from 'zod';
import { TaskError } from '../exit/task-error.ts';
import { type Platform, inputReader } from '../platform/index.ts';
import type { Task } from '../task/task.ts';
import type { WrongValue } from '../task/wrong-value.ts';
import { parseCommandLine, textFor } from './command-line.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readConfigFile } from './file.ts';
import { type Option, type OptionSource, optionsOf, shownName } from './options.ts';
import { problemOf } from './problem.ts';
import { CoreOptions, hostOptions } from './schema.ts';
import { programOf } from './task-program.ts';

/** The validated configuration of a run. */
export interface Config<Schema extends z.ZodObject = z.ZodObject> extends Readonly<CoreOptions> {
  /** The task's own options. */
  readonly task: z.output<Schema>;
  readonly wrongValue: WrongValue;
}

/** Either a configuration, or a text to print instead of running. */
export type Loaded<Schema extends z.ZodObject> =
  { readonly config: Config<Schema> } | { readonly text: string };

/** What the configuration is for. */
export interface Purpose {
  /** A run that was asked for by its word. Without anything that an agent gives, it is a dry run. */
  readonly isByWord?: boolean | undefined;
  /** A command instead of a run. It also works where no agent has started the process. */
  readonly command?: { readonly words: string; readonly description: string };
}

/** A value and where it was set. */
interface Setting {
  readonly value: unknown;
  readonly source: OptionSource;
}

/**
 * Loads the configuration of a run.
 * @param signal aborted when the run must end: ends the wait for the configuration file
 * @throws TaskError `usage` for a mistake on the command line, `config` for any other; the message names it
 */
export async function loadConfig<Schema extends z.ZodObject>(
  argv: readonly string[],
  env: Environment,
  task: Task<Schema>,
  version: string,
  { elevated }: Pick<Platform, 'elevated'>,
  signal?: AbortSignal,
  { command, isByWord = false }: Purpose = {},
): Promise<Loaded<Schema>> {
  const options = runOptions(task);
  const program = programOf(task, command);
  const commandLine = parseCommandLine(argv, program, options);
  const text = textFor(commandLine, program, options, version);
  if (text !== undefined) return { text };

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

  const given = validate(CoreOptions, settings, options);
  const asked = isByWord && isByHand(given) ? { ...given, dryRun: true } : given;
  refuseContradictions(asked);
  const own = validate(task.options, settings, options);
  const core = asDryRun(asked, task.dryRunBecause?.(own));
  if (command === undefined) {
    if (!core.dryRun) refuseWithoutDryRun(core);
    task.refuse?.(own, { dryRun: core.dryRun });
    if (!core.dryRun && !core.standalone) requireJob(core, task);
  }
  Object.freeze(own);
  const wrongValue: WrongValue = (key, problem) => wrongValueAt([key], problem, settings, options);
  return { config: Object.freeze({ ...core, task: own, wrongValue }) };
}

/** True if neither an agent nor another scheduler seems to have started the process. */
function isByHand({ jobId, keeperApiBase, standalone }: CoreOptions): boolean {
  return jobId === undefined && keeperApiBase === undefined && !standalone;
}

/** @param because the option of the task that makes any run a dry run, if there is one */
function asDryRun(core: CoreOptions, because: string | undefined): CoreOptions {
  if (because === undefined) return core;
  if (!core.standalone) return { ...core, dryRun: true };
  throw new TaskError(
    'usage',
    `--standalone: ${because} is for runs by hand, which keep no state; leave out one of them`,
  );
}

/** The options of a run, those of the task first. */
export function runOptions(task: Pick<Task, 'name' | 'options' | 'reportFormats'>): Option[] {
  return [...optionsOf(task.options, task.name), ...optionsOf(hostOptions(task), task.name)];
}

function refuseContradictions(core: CoreOptions): void {
  const { dryRun, standalone, jitter, maxDuration, caFile, tlsServerName, mqttUser, mqttPasswordFile } = core;
  if (dryRun && standalone) {
    throw new TaskError('config', '--dry-run and --standalone cannot be combined: a dry run keeps no state');
  }
  if (core.quiet && core.verbose) throw new TaskError('config', '--quiet and --verbose cannot be combined');
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

/** Other runs show nothing but errors anyway: their records go to the agent, or to standard output. */
function refuseWithoutDryRun({ quiet, verbose }: CoreOptions): void {
  if (quiet || verbose) {
    const name = quiet ? '--quiet' : '--verbose';
    throw new TaskError(
      'config',
      `${name} needs --dry-run: only that shows more than errors; use --log-level to choose the records of other runs`,
    );
  }
}

/** Requires what only the agent can give. The address of its API can be found in other ways. */
function requireJob(
  { jobId }: CoreOptions,
  { name, defaultCommand }: Pick<Task, 'name' | 'defaultCommand'>,
): void {
  if (jobId !== undefined) return;
  const byHand = defaultCommand === undefined ? '--dry-run' : `"${name} ${defaultCommand.word}" or --dry-run`;
  throw new TaskError(
    'config',
    `KEEPER_JOB_ID is not set: no agent has started this run as a job whose mqttTopics has entries; to run it by hand, use ${byHand}, for another scheduler --standalone`,
  );
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
  const path = issue?.path ?? [];
  const isTyped = settings.get(String(path[0]))?.source === 'flag';
  throw wrongValueAt(path, problemOf(issue, input, isTyped), settings, options);
}

/** The error about a value. @param path its key, and the place in it */
function wrongValueAt(
  path: readonly PropertyKey[],
  problem: string,
  settings: ReadonlyMap<string, Setting>,
  options: readonly Option[],
): TaskError {
  const key = String(path[0]);
  const source = settings.get(key)?.source ?? 'file';
  const option = options.find((candidate) => candidate.key === key);
  const where = option === undefined ? key : nameIn(option, source, pathOf(path));
  return new TaskError(source === 'flag' ? 'usage' : 'config', `${where}: ${problem}`);
}

/** The name of an option in the source that set it. */
function nameIn(option: Option, source: OptionSource, path: string): string {
  if (source === 'environment') return option.variable;
  if (source === 'file') return `"${path}" in the configuration file`;
  return shownName(option);
}

/** The path of a value in the configuration file, up to the first part that may be other than a name of ours. */
function pathOf(path: readonly PropertyKey[]): string {
  const end = path.findIndex((part) => !/^(?:[A-Za-z]{1,24}|\d{1,9})$/.test(String(part)));
  return path.slice(0, end === -1 ? path.length : end).join('.');
}
