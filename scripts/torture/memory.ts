import type { Row } from './harness.ts';
export const memory: readonly Row[] = [];
