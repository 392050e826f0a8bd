export { type Config, loadConfig } from './load.ts';
export { readFlags } from './flags.ts';
export { duration } from './duration.ts';
export { CoreOptions } from './schema.ts';
export type { Environment } from './environment.ts';
