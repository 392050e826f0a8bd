/** What `{KeeperApiBaseUrl}` in a task's arguments becomes. It is documented that KEPM substitutes it; a job must cope if it does not. */

export const apiBaseUrls = ['substituted', 'literal', 'wrong-port'] as const;
export type ApiBaseUrl = (typeof apiBaseUrls)[number];

/** Nothing listens there: only a privileged process could. */
const CLOSED_PORT = 1;

/** The token's value; undefined if the token stays as it is. */
export function apiBaseUrlValue(kind: ApiBaseUrl, httpsPort: number): string | undefined {
  if (kind === 'literal') return undefined;
  return `https://127.0.0.1:${kind === 'wrong-port' ? CLOSED_PORT : httpsPort}`;
}
