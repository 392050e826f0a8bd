import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const config: Config = {
  roots: ['<rootDir>/test', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/test/has-assertions.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Many tests wait for processes and agents, so one more than there are cores. What measures time (`test/scan/timed`) is run after
  // the others, one file at a time: `npm test`.
  maxWorkers: availableParallelism() + 1,
  // A real process is started by many tests; two cores share them.
  testTimeout: 60_000,
};
export default config;
