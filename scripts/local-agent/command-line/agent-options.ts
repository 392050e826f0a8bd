/** From the command line to the options of `startAgent`. */
import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import type { AgentOptions } from '../options.ts';
import { fileHash } from '../trust/allow-list.ts';
import { flags as flagTable } from './flags.ts';

/** Reads the arguments. Ends the process with a message if they are wrong, as yargs does. */
export function parseFlags(args: readonly string[]) {
  return yargs([...args])
    .scriptName('npm run agent --')
    .usage(
      '$0 --root DIR [switches]\n\nA local stand-in for the KEPM agent. Switches are described in scripts/local-agent/README.md.',
    )
    .options(flagTable)
    .strict()
    .showHelpOnFail(false, 'Use --help for the list of flags.')
    .wrap(null)
    .parseSync();
}

type Flags = ReturnType<typeof parseFlags>;

/** @throws Error if a file that a flag names cannot be read */
export function agentOptions(flags: Flags): AgentOptions {
  return {
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
    clientIdPattern: flags.clientIdPattern,
    wrongClientId: flags.wrongClientId,
    mqttVersions: flags.mqttVersion,
    unsupportedVersion: flags.unsupportedVersion,
    acknowledge: flags.acknowledge,
    brokerCredentials: brokerCredentials(flags),
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
  };
}

function brokerCredentials({
  brokerUser: user,
  brokerPasswordFile,
}: Flags): AgentOptions['brokerCredentials'] {
  if (user === undefined || brokerPasswordFile === undefined) return undefined;
  return { user, password: readFileSync(brokerPasswordFile, 'utf8').replace(/\r?\n$/, '') };
}
