/** The executable, the source of its records, the prefix of its variables. */
export const NAME = 'secrets-scan';
