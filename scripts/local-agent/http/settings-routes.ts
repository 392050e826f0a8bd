/**
 * The Plugin Settings API: read, write, revert (KEPM documentation, "Plugin and task settings", "HTTP reference guide").
 * The whole API is for processes that the agent started. Values are in the store; the shape of a reply is a switch.
 */
import type { Faults } from '../faults.ts';
import { type SettingsSwitches, settingReply, settingsReply } from '../settings/reply-shape.ts';
import { SettingValue, type SettingsStore } from '../settings/settings-store.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Route, ok, problem } from './router.ts';

export function settingsRoutes(store: SettingsStore, switches: SettingsSwitches): Route[] {
  const { settingsCase, settingsRequests = 'both' } = switches;
  const one = (plugin: string, name: string) => {
    const settings = [...(store.get(plugin) ?? [])];
    // Names in another case are found only where they are shown in another case.
    const setting = settings.find(([known]) =>
      settingsCase === 'Pascal' ? known.toLowerCase() === name.toLowerCase() : known === name,
    );
    return setting === undefined ? unknown(`${plugin}/${name}`) : ok(settingReply(setting, switches));
  };
  const all = (plugin: string) => {
    const settings = store.get(plugin);
    return settings === undefined ? unknown(plugin) : ok(settingsReply(plugin, settings, switches));
  };
  return [
    {
      method: 'GET',
      path: '/api/PluginSettings/:plugin',
      tier: 'plugin',
      handle: ({ parameters: { plugin = '' } }) =>
        settingsRequests === 'each' ? unknown(plugin) : all(plugin),
    },
    {
      method: 'GET',
      path: '/api/PluginSettings/:plugin/:name',
      tier: 'plugin',
      handle: ({ parameters: { plugin = '', name = '' } }) =>
        settingsRequests === 'all' ? unknown(`${plugin}/${name}`) : one(plugin, name),
    },
    {
      method: 'PUT',
      path: '/api/PluginSettings/:plugin/:name',
      tier: 'plugin',
      handle: ({ parameters: { plugin = '', name = '' }, body }) => {
        const value = SettingValue.safeParse(body);
        if (!value.success) return problem(400, 'the value must be a JSON string, number or boolean');
        if (store.get(plugin) === undefined) return unknown(plugin);
        store.put(plugin, name, value.data);
        return one(plugin, name);
      },
    },
    {
      method: 'POST',
      path: '/api/PluginSettings/:plugin/revert',
      tier: 'plugin',
      handle: ({ parameters: { plugin = '' } }) => {
        if (store.get(plugin) === undefined) return unknown(plugin);
        store.revert(plugin);
        return all(plugin);
      },
    },
    {
      method: 'POST',
      path: '/api/PluginSettings/revert-all',
      tier: 'plugin',
      handle: () => {
        store.revert();
        return ok({ reverted: 'all' });
      },
    },
  ];
}

function unknown(name: string) {
  return problem(404, `no such settings: ${name}`);
}

/** Milliseconds between two bytes of a reply that trickles. */
const TRICKLE = 200;

/** Answers a settings call according to the fault; returns false if there is no fault or the call is not for settings. */
export function settingsFault(
  request: IncomingMessage,
  response: ServerResponse,
  { settings: fault }: Faults,
): boolean {
  if (fault === undefined || !request.url?.toLowerCase().startsWith('/api/pluginsettings/')) return false;
  switch (fault) {
    case 'hang':
      break;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>It works!</body></html>');
      break;
    case 'redirect':
      // A name that never resolves (RFC 6761, section 6.4): following the redirect fails.
      response.writeHead(302, { location: `https://agent.invalid${request.url}` }).end();
      break;
    case 'trickle': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => void response.write(' '), TRICKLE);
      response.once('close', () => clearInterval(timer));
      break;
    }
    case 401:
    case 403:
    case 404:
    case 500:
      response.writeHead(fault, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `fault: ${fault}` }));
  }
  return true;
}
