import type { Row } from './harness.ts';
export const names: readonly Row[] = [];
