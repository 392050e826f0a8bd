/**
 * Asks the broker whether it accepts this client, with a publication on a topic that the job declares and that nobody subscribes to. An
 * MQTT 5 broker such as MQTTnet's reports that there is no subscriber only if it has accepted the publication; one that it drops
 * silently is acknowledged like any other.
 */
import { type ProbeAnswer, PublicationDenied } from '../delivery/index.ts';
import type { BrokerConnection } from './broker-connection.ts';

/** The topic of `--probe-topic` for a job; undefined without the option. */
export function probeTopicFor(template: string | undefined, jobId: string): string | undefined {
  return template?.replaceAll('{jobId}', jobId);
}

/**
 * Publishes to the topic.
 * @param end ends the wait when it aborts
 * @returns undefined if there is no answer, or none with a meaning: MQTT 3.1.1 has no reason codes
 */
export async function probeBroker(
  connection: BrokerConnection,
  topic: string,
  end: AbortSignal,
): Promise<ProbeAnswer | undefined> {
  if (connection.mqttVersion !== '5') return undefined;
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const giveUp = () => resolve(undefined);
  if (end.aborted) giveUp();
  else end.addEventListener('abort', giveUp, { once: true });
  try {
    const answer = await Promise.race([
      connection.publish(topic, '{}'),
      late,
      // After that, the publication is neither acknowledged nor given up.
      connection.broken.then(() => undefined),
    ]);
    if (answer === undefined) return undefined;
    return answer.heard === 'nobody' ? 'recognised' : 'accepted';
  } catch (error) {
    return error instanceof PublicationDenied ? 'denied' : undefined;
  } finally {
    end.removeEventListener('abort', giveUp);
  }
}
