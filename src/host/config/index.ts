export { type Config, loadConfig } from './load.ts';
export { readFlags } from './flags.ts';
export { CoreOptions, duration } from './schema.ts';
export type { Environment } from './environment.ts';
