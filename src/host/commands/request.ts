/** The first argument of a call by the script that `completion` prints: no one types it. */
export const REQUEST = '--get-completions';
