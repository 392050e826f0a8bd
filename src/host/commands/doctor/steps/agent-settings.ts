/** What the agent's settings say, and in which shape. */
import { type ApiReply, jsonOf, readAgentSettings } from '../../../agent/index.ts';
import { asError } from '../../../exit/task-error.ts';
import { type Level, levels } from '../../../log/index.ts';
import { hostPort } from '../../../platform/index.ts';
import { placeOf } from './settings-shape.ts';
import { type Step, failed, ok, skipped } from './step.ts';

export const settings: Step = {
  id: 'settings',
  title: 'Settings readable',
  needs: ['health', 'certificate'],
  look: async (examination) => {
    const { config, settingsReply: reply, settingsError, apiBase, authorities, peers, task } = examination;
    if (settingsError !== undefined) throw asError(settingsError);
    if (reply === undefined || apiBase === undefined || peers === undefined) {
      return skipped('not checked: there was no reply');
    }
    if (reply.status === 401 || reply.status === 403)
      return skipped('not checked: the agent refused the request');
    const { settingsRequest, agentTimeout: timeout } = config;
    const found = await readAgentSettings({
      apiBase,
      authorities,
      peers,
      program: task.name,
      timeout,
      signal: examination.within(),
      settingsRequest,
    });
    examination.settings = found;
    return ok(`broker.host and broker.port are ${hostPort(found.broker)}, ${shapeOf(reply)}`);
  },
};

/** Where the address was in the reply to the request for all settings. */
function shapeOf(reply: ApiReply): string {
  if (reply.status !== 200) return `read one by one (the request for all settings: HTTP ${reply.status})`;
  // Undefined if the reply is not JSON: the settings came from other requests.
  const place = placeOf(jsonOf(reply), 'broker.host');
  return place === undefined ? 'read one by one' : `found at ${place}`;
}

export const minimumLevel: Step = {
  id: 'minimum-level',
  title: "Minimum level of the agent's log",
  needs: ['settings'],
  look: ({ settings: found }) => {
    const said = found?.minimumLevel;
    if (said === undefined) return ok('not set; the documented default is Warning');
    const saw = `system.logging.level is ${said}`;
    const level = levels.find((each) => each.toLowerCase() === said.toLowerCase());
    if (level === undefined) return ok(`${saw}, which is not a documented level`);
    if (isHidden('Warning', level)) {
      return failed('config', saw, {
        means: 'Records of level Warning, which need attention, are not written to the log.',
        change: 'Set system.logging.level of KeeperPrivilegeManager to Warning or Information.',
      });
    }
    return ok(isHidden('Information', level) ? `${saw}: records of level Information are not written` : saw);
  },
};

const isHidden = (level: Level, minimum: Level) => levels.indexOf(level) < levels.indexOf(minimum);
