/**
 * `npm run agent`: the local agent on the command line. Prints one line of JSON on standard output when it is ready, then runs until
 * SIGINT or SIGTERM. It picks up documents that are placed in `Jobs/`. SIGHUP restarts the broker; SIGUSR2 restarts the API and the broker
 * on other ports. The agent itself is in `scripts/local-agent`.
 */
import { readFileSync } from 'node:fs';
import { hideBin } from 'yargs/helpers';
import yargs from 'yargs';
import { describeError } from '../src/host/exit/task-error.ts';
import { flags as flagTable } from './local-agent/command-line/flags.ts';
import { follow } from './local-agent/command-line/follow.ts';
import { type AgentOptions, type LocalAgent, fileHash, startAgent } from './local-agent/index.ts';

const flags = yargs(hideBin(process.argv))
  .scriptName('npm run agent --')
  .usage(
    '$0 --root DIR [switches]\n\nA local stand-in for the KEPM agent. Switches are described in scripts/local-agent/README.md.',
  )
  .options(flagTable)
  .strict()
  .showHelpOnFail(false, 'Use --help for the list of flags.')
  .wrap(null)
  .parseSync();

/** With `--follow`, prints a line on standard error. */
function say(text: string): void {
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
  appSettings: flags.appSettings,
  apiBaseUrl: flags.apiBaseUrl,
  certificateNames: flags.certificateName,
  selfSigned: flags.selfSigned,
  minimumLevel: flags.minimumLevel,
  strict: flags.strict,
  payloadFields: flags.payloadField && { optional: flags.payloadField },
  payloadNames: flags.payloadName,
  payloadCase: flags.payloadCase,
  payloadUnknown: flags.payloadUnknown,
  levelNames: flags.levelNames,
  unknownLevel: flags.unknownLevel,
  logFolder: flags.logFolder,
  logNaming: flags.logNaming,
  logPathInSettings: flags.logPathInSettings,
  settingsShape: flags.settingsShape,
  settingsCase: flags.settingsCase,
  settingsRequests: flags.settingsRequests,
  portAs: flags.portAs,
  clientIdPattern: flags.clientIdPattern === undefined ? undefined : new RegExp(flags.clientIdPattern),
  wrongClientId: flags.wrongClientId,
  mqttVersions: flags.mqttVersion,
  unsupportedVersion: flags.unsupportedVersion,
  acknowledge: flags.acknowledge,
  brokerCredentials: brokerCredentials(),
  topicMatching: flags.topicMatching,
  maximumPayload: flags.maximumPayload,
  trustChildren: flags.trustChildren,
  trustEveryone: flags.trustEveryone,
  allowedExecutables: flags.allowExecutable?.map(fileHash),
  requireSignature: flags.requireSignature,
  intervalBase: flags.intervalBase,
  tickSeconds: flags.tickSeconds,
  timeZone: flags.timeZone,
  // A person's agent runs for days; what it no longer remembers is in its files.
  historyLimit: 1000,
  faults: {
    settings: flags.faultSettings,
    broker: flags.faultBroker,
    dropAfterPackets: flags.faultDropAfter,
    closeAfterPublishes: flags.faultCloseAfterPublishes,
    denySilently: flags.faultDenySilently,
    certificate: flags.faultCertificate,
    log: flags.faultLog,
  },
  ...(flags.follow === true ? follow(say) : {}),
};

const agent = await startAgent(options);
console.log(JSON.stringify(readyLine(agent)));

process.on('SIGHUP', () => {
  agent.restartBroker().then(
    () => say(`[broker] restarted with a new certificate on port ${agent.brokerPort}`),
    (error: unknown) => console.error(describeError(error)),
  );
});
process.on('SIGUSR2', () => {
  agent.restartAgent({ port: 'new' }).then(
    () =>
      say(`[agent] restarted with a new certificate: ${agent.apiBase}, broker on port ${agent.brokerPort}`),
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

function brokerCredentials(): AgentOptions['brokerCredentials'] {
  const { brokerUser: user, brokerPasswordFile } = flags;
  if (user === undefined || brokerPasswordFile === undefined) return undefined;
  return { user, password: readFileSync(brokerPasswordFile, 'utf8').replace(/\r?\n$/, '') };
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
