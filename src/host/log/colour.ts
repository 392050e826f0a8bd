/** Whether text has colours: by option, by the environment, by what receives it. */

/** The values of `--color`. */
export const colourChoices = ['auto', 'always', 'never'] as const;
export type ColourChoice = (typeof colourChoices)[number];

/** The environment variables that matter here, and any others. */
type Environment = Readonly<Record<string, string | undefined>>;

/** True for a terminal that cannot move its cursor or show colours, such as that of an editor. */
export function isDumb(env: Environment): boolean {
  return env['TERM'] === 'dumb';
}

/**
 * Whether to colour text for a stream. For `auto`, FORCE_COLOR (https://force-color.org) wins over NO_COLOR (https://no-color.org),
 * as in Node, and both over the kind of stream.
 */
export function isColoured(
  { isTTY = false }: { readonly isTTY?: boolean },
  choice: ColourChoice,
  env: Environment,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  const { FORCE_COLOR: forced = '', NO_COLOR: none = '' } = env;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return none === '' && isTTY && !isDumb(env);
}
