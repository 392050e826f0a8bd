/** Which part of the history of git repositories is scanned. */
export const gitHistories = ['off', 'new', 'all'] as const;
export type GitHistory = (typeof gitHistories)[number];
