/**
 * Routes of the agent's HTTP API: a method, a path with `:names`, the tier that may call it, and the handler. The server enforces the tiers.
 */

/**
 * Who may call (KEPM documentation, "HTTP reference guide", "Local endpoints"): any process, a process that the agent started, or
 * an administrator with a client certificate.
 */
export type Tier = 'public' | 'plugin' | 'admin';

/** One request, as far as a route needs it. */
export interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
}

/** An answer: status and JSON body. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/Jobs/:jobId/run`. Case-insensitive, like ASP.NET. */
  readonly path: string;
  readonly tier: Tier;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

export function ok(body: unknown, status = 200): Reply {
  return { status, body };
}

export function problem(status: number, message: string, problems: readonly string[] = []): Reply {
  return { status, body: { error: message, ...(problems.length === 0 ? {} : { problems }) } };
}

/** The route of a request and its path parameters, or the status of the refusal. */
export type RouteFound =
  | { readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
  | { readonly route: undefined; readonly status: 404 | 405 };

export function findRoute(routes: readonly Route[], method: string, path: string): RouteFound {
  let isKnownPath = false;
  for (const route of routes) {
    const parameters = match(route.path, path);
    if (parameters === undefined) continue;
    if (route.method === method) return { route, parameters };
    isKnownPath = true;
  }
  return { route: undefined, status: isKnownPath ? 405 : 404 };
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = segments(pattern);
  const given = segments(path);
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = value;
    else if (part.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return parameters;
}

function segments(path: string): string[] {
  return path.split('/').filter(Boolean).map(decode);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
