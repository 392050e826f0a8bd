import type { Row } from './harness.ts';
export const durations: readonly Row[] = [];
