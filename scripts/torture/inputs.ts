import type { Row } from './harness.ts';
export const inputs: readonly Row[] = [];
