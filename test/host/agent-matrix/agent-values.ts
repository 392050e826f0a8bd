/** The switches of the agent itself: settings, broker, logger. */
import { brokerFaults, settingsFaults } from '../../../scripts/local-agent/faults.ts';
import { settingsShapes } from '../../../scripts/local-agent/settings/reply-shape.ts';
import { brokerCauses, dropped, lostConnection, notHeard, settingsCauses } from './causes.ts';
import { type Value, shortWait } from './value.ts';

/** What Plugin Settings answer. */
export const settingsValues: readonly Value[] = [
  ...settingsFaults.map((fault): Value => ({
    switch: 'settings fault',
    name: String(fault),
    agent: { faults: { settings: fault } },
    ...((fault === 'hang' || fault === 'trickle') && { flags: shortWait }),
    cause: settingsCauses[fault],
  })),
  ...settingsShapes
    .filter((shape) => shape !== 'flat')
    .map((shape): Value => ({ switch: 'settings', name: shape, agent: { settingsShape: shape } })),
  { switch: 'names of settings', name: 'Pascal', agent: { settingsCase: 'Pascal', portAs: 'string' } },
  { switch: 'settings requests', name: 'all', agent: { settingsRequests: 'all' } },
  { switch: 'settings requests', name: 'each', agent: { settingsRequests: 'each' } },
];

/** What becomes of publications. */
export const brokerValues: readonly Value[] = [
  ...brokerFaults.map((fault): Value => ({
    switch: 'broker fault',
    name: fault,
    agent: { faults: { broker: fault } },
    ...((fault === 'hang' || fault === 'no-ack') && { flags: shortWait }),
    cause: brokerCauses[fault],
  })),
  {
    switch: 'acknowledgements',
    name: 'always success',
    agent: { acknowledge: 'always-success' },
    isEvidence: true,
  },
  {
    switch: 'denied silently',
    name: 'KeeperLogger',
    agent: { faults: { denySilently: 'topic' } },
    cause: dropped('topic'),
  },
  { switch: 'connection closed', name: 'every 8 records', agent: { faults: { closeAfterPublishes: 8 } } },
  {
    switch: 'connection closed',
    name: 'each record',
    agent: { faults: { closeAfterPublishes: 1 } },
    flags: shortWait,
    cause: lostConnection,
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

/** What a line of the log shows of a record, and where the log is. */
const evidenceValues: readonly Value[] = [
  { switch: 'payload case', name: 'Pascal', agent: { payloadCase: 'Pascal' } },
  {
    switch: 'payload case',
    name: 'Pascal, configured',
    agent: { payloadCase: 'Pascal' },
    config: { payload: { names: pascalNames } },
  },
  { switch: 'unknown fields', name: 'left out', agent: { payloadUnknown: 'drop-fields' } },
  {
    switch: 'unknown fields',
    name: 'records without the expected ones dropped',
    agent: { payloadUnknown: 'drop-record' },
  },
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
    config: { payload: { levels: { Information: 'INF', Warning: 'WRN', Error: 'ERR', Critical: 'FTL' } } },
  },
  {
    switch: 'level names',
    name: 'numbers, configured',
    agent: { levelNames: 'numbers', unknownLevel: 'information' },
    config: { payload: { levels: { Information: 2, Warning: 3, Error: 4, Critical: 5 } } },
  },
  { switch: 'log folder', name: 'below Plugins', agent: { logFolder: 'Plugins/bin/KeeperLogger/Log' } },
  { switch: 'log names', name: 'older', agent: { logNaming: 'older' } },
  { switch: 'log names', name: 'dated', agent: { logNaming: 'dated' } },
  { switch: 'log.file.path', name: 'not in the settings', agent: { logPathInSettings: false } },
];

/** What is written to the log, and where. */
export const logValues: readonly Value[] = [
  ...evidenceValues.map((value) => ({ ...value, isEvidence: true })),
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
    cause: notHeard,
  },
];
