/** The name of the executable and the source of its records; also the prefix of its environment variables. */
export const NAME = 'secrets-scan';
