/** Numbers of the command line. */

/** Reads a flag's whole number, from `minimum` to `maximum`. @throws Error that names the flag and the range */
export function wholeNumber(flag: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    const range = maximum === Number.MAX_SAFE_INTEGER ? `at least ${minimum}` : `${minimum} to ${maximum}`;
    throw new Error(`--${flag}: expected a whole number, ${range}, not "${text}"`);
  };
}

export const LARGEST_PORT = 65_535;
