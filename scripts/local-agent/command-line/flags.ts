/** The flags of `npm run agent`. README.md in the folder above describes them; a test compares the two. */
import type { Options } from 'yargs';
import { levels } from '../../../src/host/log/index.ts';
import { mqttVersionNames } from '../broker/packets.ts';
import { acknowledgements, clientIdPolicies, versionAnswers } from '../broker/switches.ts';
import { brokerFaults, isSilentDenial, logFaults, settingsFaults } from '../faults.ts';
import { apiBaseUrls } from '../jobs/api-base-url.ts';
import {
  type FieldRole,
  fieldRoles,
  levelNames,
  payloadCases,
  unknownLevels,
  unknownPayloads,
} from '../logger/dialect.ts';
import { logNamings } from '../logger/log-names.ts';
import { settingsCases, settingsRequests, settingsShapes } from '../settings/reply-shape.ts';
import { certificateFaults } from '../tls/authority.ts';
import { LARGEST_PORT, wholeNumber } from './numbers.ts';

const number = (flag: string, minimum: number, describe: string, maximum?: number) =>
  ({ string: true, requiresArg: true, coerce: wholeNumber(flag, minimum, maximum), describe }) as const;
const port = (flag: string, describe: string) => number(flag, 0, describe, LARGEST_PORT);

export const flags = {
  root: {
    string: true,
    demandOption: true,
    describe: "the agent's root: Jobs/*.json, Jobs/bin/..., Plugins/*.json",
  },
  follow: {
    boolean: true,
    describe: 'print log lines, output of tasks, runs and refusals on standard error',
  },
  'https-port': port('https-port', 'port of the HTTPS API; any free one by default'),
  'http-port': port('http-port', 'port that redirects to it'),
  'broker-port': port('broker-port', 'port of the MQTT broker'),
  'app-settings': { boolean: true, default: true, describe: 'write the port to appsettings.json' },
  'api-base-url': { choices: apiBaseUrls, describe: 'what becomes of {KeeperApiBaseUrl}' },
  'certificate-name': { string: true, array: true, describe: 'a name or address in the certificates' },
  'self-signed': { boolean: true, describe: 'certificates without an authority' },
  startup: { boolean: true, default: true, describe: 'run Startup jobs at the start' },
  'minimum-level': { choices: levels, describe: 'system.logging.level' },
  strict: { boolean: true, describe: 'refuse unexpected payloads; send reasons to MQTT 5 clients' },
  'payload-field': { string: true, array: true, describe: 'a further expected field of log records' },
  'payload-name': {
    string: true,
    array: true,
    coerce: payloadNames,
    describe: 'the name of an expected field: level=severity',
  },
  'payload-case': { choices: payloadCases, describe: 'spelling of the names' },
  'payload-unknown': { choices: unknownPayloads, describe: 'what happens to unknown fields' },
  'level-names': { choices: levelNames, describe: 'names of the levels' },
  'unknown-level': { choices: unknownLevels, describe: 'what happens to records of an unknown level' },
  'log-folder': { string: true, describe: "folder of the log in the agent's root" },
  'log-naming': { choices: logNamings, describe: 'names of its files' },
  'log-path-in-settings': { boolean: true, default: true, describe: 'answer log.file.path' },
  'settings-shape': { choices: settingsShapes, describe: 'shape of a Plugin Settings reply' },
  'settings-case': { choices: settingsCases, describe: 'spelling of names in it' },
  'settings-requests': { choices: settingsRequests, describe: 'which calls are answered' },
  'port-as': { choices: ['number', 'string'] as const, describe: 'type of numbers in it' },
  'client-id-pattern': {
    string: true,
    coerce: clientIdPattern,
    describe: 'regular expression with a group jobId',
  },
  'wrong-client-id': {
    choices: clientIdPolicies,
    describe: 'what happens to a client whose id names no job',
  },
  'mqtt-version': { choices: mqttVersionNames, array: true, describe: 'a version that the broker speaks' },
  'unsupported-version': { choices: versionAnswers, describe: 'answer to clients of another version' },
  acknowledge: { choices: acknowledgements, describe: 'acknowledgement without subscribers' },
  'broker-user': {
    string: true,
    implies: 'broker-password-file',
    describe: 'user name that clients must send',
  },
  'broker-password-file': { string: true, implies: 'broker-user', describe: 'file with its password' },
  'topic-matching': { choices: ['exact', 'wildcards'] as const, describe: 'how topic lists are read' },
  'maximum-payload': number('maximum-payload', 1, 'bytes of the largest payload'),
  'trust-children': { boolean: true, describe: 'trust child processes of a task' },
  'allow-executable': { string: true, array: true, describe: 'always trust this executable' },
  'require-signature': { boolean: true, describe: 'refuse jobs whose executable is not allowed' },
  'trust-everyone': { boolean: true, describe: 'trust every local process (systems other than Linux)' },
  'reap-children': { boolean: true, default: true, describe: 'end what a task leaves running' },
  'interval-base': {
    choices: ['completion', 'fixed-rate'] as const,
    describe: 'start of intervalMinutes',
  },
  'tick-seconds': number('tick-seconds', 1, 'how often the scheduler looks'),
  'time-zone': { string: true, describe: 'for cron expressions and log rotation' },
  'fault-settings': { choices: settingsFaults, describe: 'reply of the settings API instead of settings' },
  'fault-broker': { choices: brokerFaults, describe: 'behaviour of the broker instead of its usual one' },
  'fault-drop-after': number('fault-drop-after', 1, 'cut MQTT connections after this many packets'),
  'fault-close-after-publishes': number(
    'fault-close-after-publishes',
    1,
    'close the connection of every nth publication',
  ),
  'fault-deny-silently': {
    string: true,
    coerce: silentDenial,
    describe: 'publications that are dropped: client-id, topic (KeeperLogger) or topic:NAME',
  },
  'fault-certificate': { choices: certificateFaults, describe: 'defect of the server certificates' },
  'fault-log': { choices: logFaults, describe: 'the log cannot be written, or nobody receives records' },
} as const satisfies Readonly<Record<string, Options>>;

function clientIdPattern(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  const problem = `--client-id-pattern: expected a regular expression with a group (?<jobId>...), not "${text}"`;
  if (!text.includes('(?<jobId>')) throw new Error(problem);
  try {
    return new RegExp(text);
  } catch (error) {
    throw new Error(problem, { cause: error });
  }
}

function silentDenial(text: string | undefined) {
  if (text === undefined || isSilentDenial(text)) return text;
  throw new Error(`--fault-deny-silently: expected client-id, topic or topic:NAME, not "${text}"`);
}

function payloadNames(texts: readonly string[] | undefined) {
  if (texts === undefined) return undefined;
  const names: Partial<Record<FieldRole, string>> = {};
  for (const text of texts) {
    const [role, name = ''] = text.split(/=(.*)/s);
    const known = fieldRoles.find((candidate) => candidate === role);
    if (known === undefined || name === '') {
      throw new Error(
        `--payload-name: expected FIELD=NAME with a field of ${fieldRoles.join(', ')}, not "${text}"`,
      );
    }
    names[known] = name;
  }
  return names;
}
