import type { Row } from './harness.ts';
export const peers: readonly Row[] = [];
