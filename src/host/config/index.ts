export { type Config, loadConfig } from './load.ts';
export { CoreOptions } from './schema.ts';
export type { Environment } from './environment.ts';
