import type { Row } from './harness.ts';
export const time: readonly Row[] = [];
