/** Why runs fail in the matrix: exit codes and what standard error says. */
import type { brokerFaults, settingsFaults } from '../../../scripts/local-agent/faults.ts';
import type { Cause } from './value.ts';

const unreachable = 69;
const unconfirmed = 74;
const badReply = 76;
const refused = 77;

/** Records are acknowledged and dropped. Which code it is depends on the evidence that there is. */
export function dropped(stage: Cause['stage']): Cause {
  const line = /allowedPublications.*--client-id-template.*doctor/;
  return { stage, codes: [refused, unconfirmed], line };
}

export function refusedAt(stage: Cause['stage'], line: RegExp): Cause {
  return { stage, codes: [refused], line };
}

export function wrongCertificate(line: RegExp): Cause {
  return { stage: 'certificate', codes: [unreachable], line };
}

const notAcknowledged: Cause = {
  stage: 'acknowledgement',
  codes: [unreachable],
  line: /records (were not acknowledged|did not arrive).*the next run will send them/,
};

/** The connection was lost while the job worked. */
export const lostConnection: Cause = {
  stage: 'acknowledgement',
  codes: [unreachable],
  line: /records (were not acknowledged|did not arrive) \(.*connection to the agent's broker at .* was lost.*the next run will send them/,
};

export const notHeard: Cause = {
  stage: 'logger',
  // MQTT 3.1.1 does not say that nobody listens.
  codes: [unreachable, unconfirmed, refused],
  line: /logger is not listening|there is no proof that the agent accepted|acknowledges records but drops them/,
};

/** An API that cannot be found. */
export const noAddress: Cause = {
  stage: 'address',
  codes: [unreachable],
  line: /address of the agent's API is not known|is not responding at https/,
};

export const otherVersion: Cause = {
  stage: 'connection',
  codes: [badReply],
  line: /does not speak this MQTT version/,
};

export const settingsCauses: Readonly<Record<(typeof settingsFaults)[number], Cause>> = {
  401: refusedAt('settings', /HTTP 401; possible causes: .*not started by the agent.*doctor/),
  403: refusedAt('settings', /HTTP 403; possible causes: .*lower tier.*doctor/),
  404: { stage: 'settings', codes: [badReply], line: /HTTP 404/ },
  500: { stage: 'settings', codes: [unreachable], line: /HTTP 500/ },
  garbage: { stage: 'settings', codes: [badReply], line: /reply is not JSON/ },
  redirect: { stage: 'settings', codes: [badReply], line: /HTTP 302/ },
  trickle: { stage: 'settings', codes: [unreachable], line: /is not responding at https/ },
  hang: { stage: 'settings', codes: [unreachable], line: /is not responding at https/ },
};

export const brokerCauses: Readonly<Record<(typeof brokerFaults)[number], Cause>> = {
  refuse: { stage: 'port', codes: [unreachable], line: /broker does not accept connections/ },
  'not-authorised': refusedAt('connection', /broker refuses this client \(code (5|135)\); possible causes/),
  hang: { stage: 'connection', codes: [unreachable], line: /broker does not accept connections/ },
  'no-ack': { ...notAcknowledged, isRepeated: true },
};
