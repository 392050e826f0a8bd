/** The arguments of `doctor`: those of a run, and its own. */
import * as z from 'zod';
import { type Config, loadConfig } from '../../config/index.ts';
import type { CommandContext } from '../../task/command.ts';

const command = {
  words: 'doctor',
  description:
    "Checks every step from the agent's start of this program to a record in the agent's log, and says what to change. Takes the options of a run, and checks the files and addresses in them",
};

export const DoctorOptions = z.object({
  json: z
    .boolean()
    .default(false)
    .meta({
      description: 'Print one JSON object instead of text',
      group: 'Doctor',
      brief: true,
      only: ['flag'],
    }),
  calibrate: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Find out which client id and record format the agent accepts. Tries several, checks in the log which of them arrive, and prints the configuration to deploy',
      group: 'Doctor',
      brief: true,
      only: ['flag'],
    }),
});

export interface DoctorArguments {
  readonly json: boolean;
  readonly calibrate: boolean;
  /** Undefined if it is invalid; `configError` is the reason then. */
  readonly config: Config | undefined;
  readonly configError?: unknown;
}

/** Reads the arguments. Returns a text to print for `--help` and `--version`. */
export async function readArguments(
  argv: readonly string[],
  { task, env, version, platform, signal }: CommandContext,
): Promise<DoctorArguments | { readonly text: string }> {
  try {
    const extended = { ...task, options: task.options.safeExtend(DoctorOptions.shape) };
    const loaded = await loadConfig(argv, env, extended, version, platform, signal, { command });
    if ('text' in loaded) return loaded;
    const { json, calibrate } = DoctorOptions.parse(loaded.config.task);
    return { json, calibrate, config: loaded.config };
  } catch (configError) {
    return { json: argv.includes('--json'), calibrate: false, config: undefined, configError };
  }
}
