import type { Row } from './harness.ts';
export const placeholders: readonly Row[] = [];
