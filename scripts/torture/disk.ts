import type { Row } from './harness.ts';
export const disk: readonly Row[] = [];
