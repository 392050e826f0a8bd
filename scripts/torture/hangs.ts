import type { Row } from './harness.ts';
export const hangs: readonly Row[] = [];
