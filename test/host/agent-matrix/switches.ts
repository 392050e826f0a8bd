/**
 * The switches of the local agent and their values, with what a run makes of each: everything arrives, with the default configuration or with
 * the setting that the value names, or the run says why not. Default values are not listed: a case has those of all other switches.
 */
import { resolve } from 'node:path';
import { fileHash } from '../../../scripts/local-agent/index.ts';
import { brokerFaults, settingsFaults } from '../../../scripts/local-agent/faults.ts';
import { settingsShapes } from '../../../scripts/local-agent/settings/reply-shape.ts';
import { taskBuild } from '../probe/task-build.ts';
import type { Cause, Impossible, Interplay, Value } from './value.ts';

const unreachable = 69;
const refused = 77;
const badReply = 76;
const unconfirmed = 74;

const caFile = { 'ca-file': '{root}/Certificates/ca.crt' };
const isSoonOver = { 'agent-timeout': '2s' };
const remedy = /allowedPublications.*--client-id-template.*doctor/;
const otherIds = { clientIdPattern: /^agent-(?<jobId>.+)$/ };
const otherName = { certificateNames: ['agent.internal'] };

/** Records are acknowledged and dropped. Which code, depends on the evidence that there is. */
const dropped = (stage: Cause['stage']): Cause => ({ stage, codes: [refused, unconfirmed], line: remedy });
const refusedBy = (stage: Cause['stage'], line: RegExp): Cause => ({ stage, codes: [refused], line });
const wrongCertificate = (line: RegExp): Cause => ({ stage: 'certificate', codes: [unreachable], line });
const notAcknowledged: Cause = {
  stage: 'acknowledgement',
  codes: [unreachable],
  line: /records (were not acknowledged|did not arrive).*the next run will send them/,
};

const settingsCauses: Readonly<Record<(typeof settingsFaults)[number], Cause>> = {
  401: refusedBy('settings', /HTTP 401; possible causes: .*not started by the agent.*doctor/),
  403: refusedBy('settings', /HTTP 403; possible causes: .*lower tier.*doctor/),
  404: { stage: 'settings', codes: [badReply], line: /HTTP 404/ },
  500: { stage: 'settings', codes: [unreachable], line: /HTTP 500/ },
  garbage: { stage: 'settings', codes: [badReply], line: /reply is not JSON/ },
  redirect: { stage: 'settings', codes: [badReply], line: /HTTP 302/ },
  trickle: { stage: 'settings', codes: [unreachable], line: /does not answer at https/ },
  hang: { stage: 'settings', codes: [unreachable], line: /does not answer at https/ },
};
const brokerCauses: Readonly<Record<(typeof brokerFaults)[number], Cause>> = {
  refuse: { stage: 'port', codes: [unreachable], line: /broker does not accept a connection/ },
  'not-authorised': refusedBy('connection', /broker refuses this client \(code (5|135)\); possible causes/),
  hang: { stage: 'connection', codes: [unreachable], line: /broker does not accept a connection/ },
  'no-ack': { ...notAcknowledged, isRepeated: true },
};

const connection: readonly Value[] = [
  {
    switch: 'client id',
    name: 'other, refused',
    agent: otherIds,
    cause: refusedBy('connection', /code (2|133)\); possible causes: .*--client-id-template.*doctor/),
  },
  {
    switch: 'client id',
    name: 'other, denied silently',
    agent: { ...otherIds, wrongClientId: 'deny-silently' },
    cause: dropped('identity'),
  },
  {
    switch: 'client id',
    name: 'other, with --client-id-template',
    agent: { ...otherIds, wrongClientId: 'deny-silently' },
    flags: { 'client-id-template': 'agent-{jobId}' },
  },
  {
    switch: 'signature',
    name: 'required',
    agent: { requireSignature: true },
    cause: refusedBy('settings', /HTTP 403; possible causes: .*not signed.*doctor/),
  },
  {
    switch: 'signature',
    name: 'required, allowed',
    agent: { requireSignature: true, allowedExecutables: [probeHash()] },
  },
  ...(['localhost', '127.0.0.1'] as const).map(
    (name): Value => ({
      switch: 'certificate names',
      name,
      agent: { certificateNames: [name] },
      flags: caFile,
    }),
  ),
  {
    switch: 'certificate names',
    name: 'other',
    agent: otherName,
    flags: caFile,
    cause: wrongCertificate(/certificate is for DNS:agent\.internal.*--tls-server-name/),
  },
  {
    switch: 'certificate names',
    name: 'other, with --tls-server-name',
    agent: otherName,
    flags: { ...caFile, 'tls-server-name': 'agent.internal' },
  },
  { switch: 'certificate', name: 'self-signed', agent: { selfSigned: true }, flags: caFile },
  {
    switch: 'certificate fault',
    name: 'expired',
    agent: { faults: { certificate: 'expired' } },
    flags: caFile,
    cause: wrongCertificate(/certificate has expired/),
  },
  {
    switch: 'certificate fault',
    name: 'other-host',
    agent: { faults: { certificate: 'other-host' } },
    flags: caFile,
    cause: wrongCertificate(/certificate is for DNS:agent\.example\.com/),
  },
  { switch: 'API address', name: 'literal', agent: { apiBaseUrl: 'literal' } },
  { switch: 'API address', name: 'wrong port', agent: { apiBaseUrl: 'wrong-port' } },
  { switch: 'appsettings.json', name: 'omitted', agent: { appSettings: false } },
  {
    switch: 'broker login',
    name: 'missing',
    agent: { brokerCredentials: { user: 'job', password: 'word' } },
    cause: refusedBy('connection', /broker refuses this client.*--mqtt-user/),
  },
  {
    switch: 'broker login',
    name: 'given',
    agent: { brokerCredentials: { user: 'job', password: 'word' } },
    flags: { 'mqtt-user': 'job', 'mqtt-password-file': '{root}/password' },
    files: { password: 'word\n' },
  },
  { switch: 'MQTT', name: '5 only', agent: { mqttVersions: ['5'] } },
  { switch: 'MQTT', name: '3.1.1 only', agent: { mqttVersions: ['3.1.1'] } },
  {
    switch: 'MQTT',
    name: '3.1.1 only, closing',
    agent: { mqttVersions: ['3.1.1'], unsupportedVersion: 'close' },
  },
  {
    switch: 'MQTT',
    name: '3.1.1 only, with --mqtt-version=5',
    agent: { mqttVersions: ['3.1.1'] },
    flags: { 'mqtt-version': '5' },
    cause: { stage: 'connection', codes: [badReply], line: /does not speak this --mqtt-version/ },
  },
];

const settings: readonly Value[] = [
  ...settingsFaults.map(
    (fault): Value => ({
      switch: 'settings fault',
      name: String(fault),
      agent: { faults: { settings: fault } },
      ...((fault === 'hang' || fault === 'trickle') && { flags: isSoonOver }),
      cause: settingsCauses[fault],
    }),
  ),
  ...settingsShapes
    .filter((shape) => shape !== 'flat')
    .map((shape): Value => ({ switch: 'settings', name: shape, agent: { settingsShape: shape } })),
  { switch: 'names of settings', name: 'Pascal', agent: { settingsCase: 'Pascal', portAs: 'string' } },
  { switch: 'settings requests', name: 'all', agent: { settingsRequests: 'all' } },
  { switch: 'settings requests', name: 'each', agent: { settingsRequests: 'each' } },
];

const delivery: readonly Value[] = [
  ...brokerFaults.map(
    (fault): Value => ({
      switch: 'broker fault',
      name: fault,
      agent: { faults: { broker: fault } },
      flags: isSoonOver,
      cause: brokerCauses[fault],
    }),
  ),
  { switch: 'acknowledgements', name: 'always success', agent: { acknowledge: 'always-success' } },
  {
    switch: 'denied silently',
    name: 'KeeperLogger',
    agent: { faults: { denySilently: 'topic' } },
    cause: dropped('topic'),
  },
  { switch: 'connection closed', name: 'every 6 records', agent: { faults: { closeAfterPublishes: 6 } } },
  {
    switch: 'connection closed',
    name: 'each record',
    agent: { faults: { closeAfterPublishes: 1 } },
    flags: isSoonOver,
    cause: notAcknowledged,
  },
  {
    switch: 'restart during the run',
    name: 'broker, other port',
    during: (agent) => agent.restartBroker({ port: 'new' }),
  },
  {
    switch: 'restart during the run',
    name: 'agent, other ports',
    during: (agent) => agent.restartAgent({ port: 'new' }),
  },
];

const pascalNames = { level: 'Level', message: 'Message', source: 'Source', timestamp: 'Timestamp' };

const log: readonly Value[] = [
  { switch: 'payload case', name: 'Pascal', agent: { payloadCase: 'Pascal' } },
  {
    switch: 'payload case',
    name: 'Pascal, configured',
    agent: { payloadCase: 'Pascal' },
    payload: { names: pascalNames },
  },
  { switch: 'unknown fields', name: 'left out', agent: { payloadUnknown: 'drop-fields' } },
  { switch: 'unknown fields', name: 'records without the expected ones dropped', agent: { payloadUnknown: 'drop-record' } },
  { switch: 'level names', name: 'serilog', agent: { levelNames: 'serilog' } },
  { switch: 'level names', name: 'short', agent: { levelNames: 'short' } },
  {
    switch: 'level names',
    name: 'short, others count as Information',
    agent: { levelNames: 'short', unknownLevel: 'information' },
    cause: dropped('record'),
  },
  {
    switch: 'level names',
    name: 'short, configured',
    agent: { levelNames: 'short', unknownLevel: 'information' },
    payload: { levels: { Information: 'INF', Warning: 'WRN', Error: 'ERR', Critical: 'FTL' } },
  },
  {
    switch: 'level names',
    name: 'numbers, configured',
    agent: { levelNames: 'numbers', unknownLevel: 'information' },
    payload: { levels: { Information: 2, Warning: 3, Error: 4, Critical: 5 } },
  },
  { switch: 'log folder', name: 'below Plugins', agent: { logFolder: 'Plugins/bin/KeeperLogger/Log' } },
  { switch: 'log names', name: 'older', agent: { logNaming: 'older' } },
  { switch: 'log names', name: 'dated', agent: { logNaming: 'dated' } },
  { switch: 'log.file.path', name: 'not in the settings', agent: { logPathInSettings: false } },
  {
    switch: 'log fault',
    name: 'disk-full',
    agent: { faults: { log: 'disk-full' } },
    cause: dropped('record'),
  },
  {
    switch: 'log fault',
    name: 'not-listening',
    agent: { faults: { log: 'not-listening' } },
    cause: {
      stage: 'logger',
      // MQTT 3.1.1 does not say that nobody listens.
      codes: [unreachable, unconfirmed, refused],
      line: /logger is not listening|nothing shows that the agent accepted|acknowledges records, but drops them/,
    },
  },
];

export const values: readonly Value[] = [...connection, ...settings, ...delivery, ...log];

/** An API that cannot be found. */
const noAddress: Cause = {
  stage: 'address',
  codes: [unreachable],
  line: /address of the agent's API is not known|does not answer at https/,
};
/** The run has read the certificate authorities when it began. */
const newAuthority = ['localhost', '127.0.0.1', 'other, with --tls-server-name'] as const;

export const interplays: readonly Interplay[] = [
  { values: ['API address: literal', 'appsettings.json: omitted'], cause: noAddress },
  { values: ['API address: wrong port', 'appsettings.json: omitted'], cause: noAddress },
  {
    values: ['restart during the run: agent, other ports', 'appsettings.json: omitted'],
    cause: notAcknowledged,
  },
  ...newAuthority.map(
    (name): Interplay => ({
      values: ['restart during the run: agent, other ports', `certificate names: ${name}`],
      cause: notAcknowledged,
    }),
  ),
  {
    values: ['restart during the run: agent, other ports', 'certificate: self-signed'],
    cause: notAcknowledged,
  },
  { values: ['payload case: Pascal', 'unknown fields: left out'], cause: dropped('record') },
  { values: ['payload case: Pascal', 'unknown fields: records without the expected ones dropped'], cause: dropped('record') },
];

export const impossible: readonly Impossible[] = [];

/** SHA-256 of the packed probe; empty where it is not packed. */
function probeHash(): string {
  try {
    return fileHash(resolve('dist', taskBuild.name));
  } catch {
    return '';
  }
}
