export { type Config, type Loaded, loadConfig } from './load.ts';
export { CoreOptions } from './schema.ts';
export { type Option, optionsOf } from './options.ts';
export type { Environment } from './environment.ts';
