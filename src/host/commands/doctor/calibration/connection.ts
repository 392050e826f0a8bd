/** The connections of a calibration: one for each client id, each with a few publications. */
import { BrokerConnection, probeBroker } from '../../../agent/index.ts';
import { TaskError, describeError, errorKind } from '../../../exit/task-error.ts';
import { clientIdOf, probeTopicOf } from '../steps/broker.ts';
import type { Examination } from '../steps/examination.ts';
import { LOG_TOPIC, inTime } from '../steps/records.ts';
import type { MqttVersion } from './candidates.ts';
import type { Marker, Markers } from './marker.ts';

/** Milliseconds for each wait for the broker. */
const WAIT_MS = 3000;

/** What became of a client id with a version of MQTT. */
export type Reception =
  | {
      readonly kind: 'accepted';
      readonly acknowledged: number;
      /** The broker's answer on the probe topic shows that it recognises the client. */
      readonly isRecognised: boolean;
      readonly problem?: string;
    }
  | { readonly kind: 'refused' | 'wrong-version' | 'unreachable'; readonly problem: string };

/** Connects with a client id and publishes markers, one after the other, until one is not acknowledged. */
export async function publishAs(
  template: string,
  mqttVersion: MqttVersion,
  markers: readonly Marker[],
  all: Markers,
  examination: Examination,
): Promise<Reception> {
  let connection: BrokerConnection;
  try {
    connection = await open(template, mqttVersion, examination);
  } catch (error) {
    return { kind: kindOf(error), problem: describeError(error) };
  }
  let acknowledged = 0;
  let isRecognised = false;
  let problem: string | undefined;
  try {
    for (const marker of markers) {
      await inTime(connection.publish(LOG_TOPIC, all.payloadOf(marker)), examination.within(WAIT_MS));
      acknowledged += 1;
    }
    isRecognised = await isRecognisedOn(connection, examination);
  } catch (error) {
    problem = describeError(error);
  }
  await connection.close({ acknowledged: problem === undefined, timeout: WAIT_MS });
  return { kind: 'accepted', acknowledged, isRecognised, ...(problem !== undefined && { problem }) };
}

async function isRecognisedOn(connection: BrokerConnection, examination: Examination): Promise<boolean> {
  const topic = probeTopicOf(examination);
  if (topic === undefined) return false;
  return (await probeBroker(connection, topic, examination.within(WAIT_MS))) === 'recognised';
}

async function open(
  template: string,
  mqttVersion: MqttVersion,
  examination: Examination,
): Promise<BrokerConnection> {
  const { broker: endpoint, peers, authorities, login, config, task, signal } = examination;
  if (endpoint === undefined || peers === undefined) {
    throw new TaskError('agent-unreachable', 'the address of the broker is not known');
  }
  return BrokerConnection.open({
    endpoint,
    peers,
    authorities,
    login,
    clientId: clientIdOf(examination, template),
    program: task.name,
    mqttVersion,
    timeout: Math.min(config.agentTimeout, WAIT_MS),
    signal,
  });
}

function kindOf(error: unknown): 'refused' | 'wrong-version' | 'unreachable' {
  const kind = errorKind(error);
  if (kind === 'agent-refused') return 'refused';
  return kind === 'agent-reply' ? 'wrong-version' : 'unreachable';
}
