/** Every property, and the seeds that once failed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { agentProperties } from './agent.ts';
import { configurationProperties } from './configuration.ts';
import { containerProperties } from './containers.ts';
import { contentProperties } from './contents.ts';
import type { FuzzProperty } from './property.ts';
import { gitProperties } from './git-packs.ts';
import { stateProperties } from './state.ts';

export const properties: readonly FuzzProperty[] = [
  ...agentProperties,
  ...configurationProperties,
  ...containerProperties,
  ...contentProperties,
  ...gitProperties,
  ...stateProperties,
];

export const seedsFile = join(import.meta.dirname, 'seeds.json');

/**
 * What `fast-check` printed for failures that are fixed. A seed is only valid for the generators of its time:
 * keep the input as a test too.
 */
const Seeds = z.array(z.strictObject({ property: z.string(), seed: z.int(), path: z.string() }));
export const seeds = Seeds.parse(JSON.parse(readFileSync(seedsFile, 'utf8')));
