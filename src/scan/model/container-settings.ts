/** What a run does about containers: data for all threads. */
export const containerModes = ['off', 'auto', 'all'] as const;

export interface ContainerSettings {
  /** `off` opens none, `auto` the usual ones, `all` also those that take long or rarely contain text. */
  readonly mode: (typeof containerModes)[number];
  /** How many containers may be inside each other. */
  readonly depth: number;
  /** Maximum number of bytes that one container may contain, decoded. */
  readonly maxBytes: number;
}
