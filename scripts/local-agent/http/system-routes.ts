/** The endpoints without authentication (KEPM documentation, "Local endpoints"), and the list of plugins. */
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { PluginStore } from '../settings/plugin-store.ts';
import { type Route, ok, problem } from './router.ts';

export interface SystemFacts {
  readonly now: () => number;
  readonly jobs: () => ReadonlyMap<string, JobDocument>;
  readonly plugins: PluginStore;
}

const SERVICE = 'KeeperPrivilegeManager';
/** Shows that this is not a real agent. */
const VERSION = '0.0.0-local-agent';

export function systemRoutes({ now, jobs, plugins }: SystemFacts): Route[] {
  const get = (path: string, body: () => unknown): Route => ({
    method: 'GET',
    path,
    tier: 'public',
    handle: () => ok(body()),
  });
  return [
    get('/', () => ({ service: SERVICE, status: 'running', version: VERSION })),
    get('/health', () => ({ status: 'healthy', timestamp: new Date(now()).toISOString(), version: VERSION })),
    get('/api/system/status', () => ({
      running: true,
      pluginCount: plugins.plugins.size,
      jobCount: { total: jobs().size, enabled: [...jobs().values()].filter(({ enabled }) => enabled).length },
    })),
    { ...get('/api/plugins', () => [...plugins.plugins.values()].map(describe)), tier: 'plugin' },
    ...['start', 'stop', 'restart'].map((action): Route => ({
      method: 'POST',
      path: `/api/plugins/:name/${action}`,
      tier: 'admin',
      handle: () => problem(501, 'the local agent runs jobs, not plugins'),
    })),
  ];
}

function describe({ id, name = id }: { readonly id: string; readonly name?: string | undefined }) {
  return { id, name, status: 'Stopped', processId: null, lastStartTime: null };
}
