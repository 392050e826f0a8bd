/** The code of an error that the operating system reported, for decisions about files. */

/** `ENOENT`, `EACCES` ...; empty for anything else that was thrown. Whose `Error` it is does not matter. */
export function systemCodeOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : '';
}
