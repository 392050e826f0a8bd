import type { Row } from './harness.ts';
export const node: readonly Row[] = [];
