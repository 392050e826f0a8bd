/**
 * `npm run agent`: the local agent on the command line. Prints one line of JSON on standard output when it is ready, then runs until
 * SIGINT or SIGTERM. It picks up documents that are placed in `Jobs/`; SIGHUP restarts the broker. The agent itself is in
 * `scripts/local-agent`.
 */
import { hideBin } from 'yargs/helpers';
import yargs from 'yargs';
import { describeError } from '../src/host/exit/task-error.ts';
import { levels } from '../src/host/log/index.ts';
import {
  type AgentOptions,
  type LocalAgent,
  acknowledgements,
  assumedFields,
  brokerFaults,
  clientIdPolicies,
  fileHash,
  isSilentDenial,
  logFaults,
  mqttVersionNames,
  settingsFaults,
  settingsShapes,
  startAgent,
  versionAnswers,
} from './local-agent/index.ts';

const flags = yargs(hideBin(process.argv))
  .scriptName('npm run agent --')
  .usage(
    '$0 --root DIR [switches]\n\nA local stand-in for the KEPM agent. Switches are described in scripts/local-agent/README.md.',
  )
  .options({
    root: {
      string: true,
      demandOption: true,
      describe: "the agent's root: Jobs/*.json, Jobs/bin/..., Plugins/*.json",
    },
    follow: { boolean: true, describe: 'print KeeperLogger lines, runs and refusals on standard error' },
    'https-port': { number: true, describe: 'port of the HTTPS API; any free one by default' },
    'http-port': { number: true, describe: 'port that redirects to it' },
    'broker-port': { number: true, describe: 'port of the MQTT broker' },
    startup: { boolean: true, default: true, describe: 'run Startup jobs at the start' },
    'minimum-level': { choices: levels, describe: 'system.logging.level' },
    strict: { boolean: true, describe: 'refuse unexpected payloads; send reasons to MQTT 5 clients' },
    'payload-field': { string: true, array: true, describe: 'a further expected field of log records' },
    'settings-shape': { choices: settingsShapes, describe: 'shape of a Plugin Settings reply' },
    'port-as': { choices: ['number', 'string'] as const, describe: 'type of numbers in it' },
    'client-id-pattern': { string: true, describe: 'regular expression with a group jobId' },
    'wrong-client-id': {
      choices: clientIdPolicies,
      describe: 'what happens to a client whose id names no job',
    },
    'mqtt-version': { choices: mqttVersionNames, array: true, describe: 'a version that the broker speaks' },
    'unsupported-version': { choices: versionAnswers, describe: 'answer to clients of another version' },
    acknowledge: { choices: acknowledgements, describe: 'acknowledgement without subscribers' },
    'topic-matching': { choices: ['exact', 'wildcards'] as const, describe: 'how topic lists are read' },
    'maximum-payload': { number: true, describe: 'bytes of the largest payload' },
    'trust-children': { boolean: true, describe: 'trust child processes of a task' },
    'allow-executable': { string: true, array: true, describe: 'always trust this executable' },
    'trust-everyone': { boolean: true, describe: 'trust every local process (systems other than Linux)' },
    'reap-children': { boolean: true, default: true, describe: 'end what a task leaves running' },
    'interval-base': {
      choices: ['completion', 'fixed-rate'] as const,
      describe: 'start of intervalMinutes',
    },
    'tick-seconds': { number: true, describe: 'how often the scheduler looks' },
    'time-zone': { string: true, describe: 'for cron expressions and log rotation' },
    'fault-settings': { choices: settingsFaults, describe: 'reply of the settings API instead of settings' },
    'fault-broker': { choices: brokerFaults, describe: 'behaviour of the broker instead of its usual one' },
    'fault-drop-after': { number: true, describe: 'cut MQTT connections after this many packets' },
    'fault-certificate': {
      choices: ['expired', 'other-host'] as const,
      describe: 'defect of the server certificates',
    },
    'fault-log': {
      choices: logFaults,
      describe: 'the log cannot be written, or nobody receives KeeperLogger',
    },
    'fault-deny-silently': {
      string: true,
      coerce: silentDenial,
      describe: 'publications that are dropped: client-id, topic (KeeperLogger) or topic:NAME',
    },
  })
  .strict()
  .wrap(null)
  .parseSync();

function silentDenial(text: string | undefined) {
  if (text === undefined || isSilentDenial(text)) return text;
  throw new Error(`--fault-deny-silently: "${text}" is not one of client-id, topic, topic:NAME`);
}

/** With `--follow`, prints a line on standard error. */
function follow(text: string): void {
  if (flags.follow === true) console.error(text);
}

const options: AgentOptions = {
  root: flags.root,
  watch: true,
  startup: flags.startup,
  reapChildren: flags.reapChildren,
  httpsPort: flags.httpsPort,
  httpPort: flags.httpPort,
  brokerPort: flags.brokerPort,
  minimumLevel: flags.minimumLevel,
  strict: flags.strict,
  payloadFields: flags.payloadField && { ...assumedFields, optional: flags.payloadField },
  settingsShape: flags.settingsShape,
  portAs: flags.portAs,
  clientIdPattern: flags.clientIdPattern === undefined ? undefined : new RegExp(flags.clientIdPattern),
  wrongClientId: flags.wrongClientId,
  mqttVersions: flags.mqttVersion,
  unsupportedVersion: flags.unsupportedVersion,
  acknowledge: flags.acknowledge,
  topicMatching: flags.topicMatching,
  maximumPayload: flags.maximumPayload,
  trustChildren: flags.trustChildren,
  trustEveryone: flags.trustEveryone,
  allowedExecutables: flags.allowExecutable?.map(fileHash),
  intervalBase: flags.intervalBase,
  tickSeconds: flags.tickSeconds,
  timeZone: flags.timeZone,
  // A person's agent runs for days; what it no longer remembers is in its files.
  historyLimit: 1000,
  faults: {
    settings: flags.faultSettings,
    broker: flags.faultBroker,
    dropAfterPackets: flags.faultDropAfter,
    certificate: flags.faultCertificate,
    log: flags.faultLog,
    denySilently: flags.faultDenySilently,
  },
  onLogLine: follow,
  onAudit: ({ kind, reason, jobId, clientId, topic, call }) => {
    const where = [jobId, clientId, topic, call].filter((part) => part !== undefined).join(' ');
    follow(`[${kind}] ${reason}${where === '' ? '' : ` (${where})`}`);
  },
  onRun: ({ jobId, trigger, skipped, tasks, startedAt, endedAt }) => {
    const ends = tasks.map(
      ({ taskId, exitCode, signal, refused }) => `${taskId}: ${refused ?? signal ?? exitCode}`,
    );
    const end = skipped ?? ends.join(', ');
    follow(`[run] ${jobId} (${trigger}) ended after ${((endedAt - startedAt) / 1000).toFixed(1)} s; ${end}`);
  },
};

const agent = await startAgent(options);
console.log(JSON.stringify(readyLine(agent)));

process.on('SIGHUP', () => {
  agent.restartBroker().then(
    () => follow(`[broker] restarted with a new certificate on port ${agent.brokerPort}`),
    (error: unknown) => console.error(describeError(error)),
  );
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    agent.stop().catch((error: unknown) => {
      console.error(describeError(error));
      process.exitCode = 1;
    });
  });
}

/** What a script or a person needs to talk to the agent. */
function readyLine({ apiBase, httpBase, brokerPort, root, logFile, auditFile, certificates }: LocalAgent) {
  const { ca, adminCertificate, adminKey } = certificates;
  const credentials = `--cacert '${ca}' --cert '${adminCertificate}' --key '${adminKey}'`;
  return {
    pid: process.pid,
    apiBase,
    httpBase,
    brokerPort,
    root,
    logFile,
    auditFile,
    certificates,
    runAJob: `curl -X POST ${credentials} ${apiBase}/api/Jobs/JOB-ID/run`,
  };
}
