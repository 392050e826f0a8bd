/** What every kind of package answers. */

/**
 * The package that brought a file, and its version; undefined for any other file, and for one that was changed.
 * @param path absolute, without links
 * @param content reads the file
 */
export type Origin = (path: string, content: () => Buffer | undefined) => string | undefined;
