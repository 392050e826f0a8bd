/** What every kind of package answers. */
import type { Subject } from './trust.ts';

/**
 * The package that brought a file, and its version; undefined for any other file, and for one that was changed.
 * @param path absolute, without links
 */
export type Origin = (path: string, status: Subject['status']) => string | undefined;

/** Maximum size of a file that is compared, in bytes. */
export const MAX_BYTES = 32 * 1024 * 1024;
