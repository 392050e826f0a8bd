/** The agent's broker: port, acceptance of the client, publication. */
import {
  BrokerConnection,
  clientId,
  connectToPeer,
  isCertificateRefusal,
  probeBroker,
  probeTopicFor,
} from '../../../agent/index.ts';
import { PublicationDenied } from '../../../delivery/index.ts';
import { describeError, errorKind } from '../../../exit/task-error.ts';
import { type LoopbackEndpoint, SocketTablesUnreadable, listenerOwners } from '../../../platform/index.ts';
import type { Examination } from './examination.ts';
import { doctorEvents, publishRecord } from './records.ts';
import { type Step, failed, ok, skipped, warning } from './step.ts';

/** Why the agent may refuse an MQTT client, and what to do about it. */
const REFUSED = {
  means:
    'The agent does not recognise this process as one that it started, does not trust the certificate that signed the ' +
    'executable, does not recognise the job in the client id, or requires a user and a password.',
  change:
    'Check the earlier steps; then try other client ids with --client-id-template, or let doctor --calibrate find one.',
};

export const brokerPort: Step = {
  id: 'broker-port',
  title: 'Broker reachable',
  look: async (examination) => {
    const { broker, peers, authorities } = examination;
    if (broker === undefined || peers === undefined)
      return skipped('not checked: the settings do not contain its address');
    const where = `${broker.address}:${broker.port}`;
    const signal = examination.within();
    try {
      (await connectToPeer({ endpoint: broker, authorities, peers, signal })).destroy();
    } catch (error) {
      if (errorKind(error) !== 'internal') throw error;
      if (isCertificateRefusal(error)) {
        return failed('unreachable', `${where}: ${describeError(error)}`, {
          means: "The broker's certificate does not match --ca-file, although the API's does.",
          change: "Add the broker's certificate authority to the file, or set --tls-server-name to its name.",
        });
      }
      return failed('unreachable', `${where}: ${describeError(error)}`, {
        means: 'Nothing accepts TLS connections at the address in the settings.',
        change: 'Check that the agent is running and that no other program uses the port; restart the agent.',
      });
    }
    return ok(`${where} accepts TLS connections${ownerOf(broker, examination)}`);
  },
};

/** The users that listen on the port. That they may be the agent's has been checked while connecting. */
function ownerOf(endpoint: LoopbackEndpoint, { platform }: Examination): string {
  if (platform.os !== 'linux') return '';
  try {
    return `; uid ${[...new Set(listenerOwners(endpoint))].join(', ')} listens`;
  } catch (error) {
    if (error instanceof SocketTablesUnreadable) return '; its owner cannot be determined';
    throw error;
  }
}

export const brokerAccepts: Step = {
  id: 'broker-accepts',
  title: 'Broker accepts this client',
  needs: ['broker-port'],
  look: async (examination) => {
    if (examination.isByHand)
      return skipped('not checked: the client id needs a job id, which only the agent sets');
    const { config, broker: endpoint, peers, authorities, login, signal, task } = examination;
    if (endpoint === undefined || peers === undefined)
      return skipped('not checked: the address is not known');
    const id = clientIdOf(examination, config.clientIdTemplate);
    const { mqttVersion, agentTimeout: timeout } = config;
    const options = {
      endpoint,
      authorities,
      login,
      peers,
      clientId: id,
      program: task.name,
      mqttVersion,
      timeout,
      signal,
    };
    try {
      examination.connection = await BrokerConnection.open(options);
    } catch (error) {
      if (errorKind(error) !== 'agent-refused') throw error;
      return failed('refused', `client id ${id}: ${describeError(error)}`, REFUSED);
    }
    return ok(`client id ${id}, MQTT ${examination.connection.mqttVersion}`);
  },
};

/** The client id that a run of this job uses with a template. @throws TaskError `config` */
export function clientIdOf({ platform, config, task }: Examination, template: string): string {
  const { jobId = '', jobName, taskId } = config;
  return clientId(template, {
    jobId,
    jobName,
    taskId,
    pid: platform.pid,
    program: task.name,
    host: platform.hostname,
    time: platform.clock.now(),
  });
}

export const publication: Step = {
  id: 'publication',
  title: 'Publication acknowledged',
  needs: ['broker-accepts'],
  look: async (examination) => {
    const { marker } = examination;
    try {
      const { heard } = await publishRecord(examination, doctorEvents.marker, { marker });
      if (heard === 'nobody') return nobodyHears;
    } catch (error) {
      if (error instanceof PublicationDenied) {
        return failed('refused', `KeeperLogger: ${describeError(error)}`, {
          means: 'The agent does not allow this client to publish on KeeperLogger.',
          change:
            'Add "KeeperLogger" to mqttTopics.allowedPublications at the root of the job document; if it is there, ' +
            'the client id is not recognised: see --client-id-template.',
        });
      }
      if (errorKind(error) !== 'internal') throw error;
      return failed('unreachable', `KeeperLogger: no acknowledgement (${describeError(error)})`, {
        means:
          'The broker accepts this client, but then closes the connection or does not acknowledge publications.',
        change: 'Restart the agent. Runs keep their records and send them again.',
      });
    }
    return ok('KeeperLogger: acknowledged, which alone does not prove that the record was accepted');
  },
};

const nobodyHears = failed('unreachable', 'KeeperLogger: acknowledged with reason code 16 (no subscribers)', {
  means: 'The broker accepts this client and topic, but the component that writes the log is not listening.',
  change:
    'Restart the agent, and check that its KeeperLogger plugin is enabled. Runs keep their records until then.',
});

/** The topic of `--probe-topic`; undefined without the option. */
export function probeTopicOf({ config, job }: Examination): string | undefined {
  return probeTopicFor(config.probeTopic, job.id ?? '');
}

export const probeTopic: Step = {
  id: 'probe-topic',
  title: 'Answer on the probe topic',
  needs: ['broker-accepts'],
  look: async (examination) => {
    const { connection } = examination;
    const topic = probeTopicOf(examination);
    if (topic === undefined) return skipped('not checked: --probe-topic is not set');
    if (connection === undefined) return skipped('not checked: there is no connection');
    if (connection.mqttVersion !== '5') return skipped('not checked: MQTT 3.1.1 has no reason codes');
    const answer = await probeBroker(connection, topic, examination.within(PROBE_WAIT_MS));
    examination.probe = answer;
    if (answer === undefined) return skipped(`${topic}: no answer`);
    if (answer === 'recognised') {
      return ok(`${topic}: reason code 16. The client id is recognised, and the topic list is enforced`);
    }
    if (answer === 'denied') {
      return failed('refused', `${topic}: refused`, {
        means: 'The agent does not allow this job to publish there.',
        change: `Add "${topic}" to mqttTopics.allowedPublications of the job document, in this spelling.`,
      });
    }
    return warning(`${topic}: acknowledged with reason code 0`, {
      means:
        'The agent dropped it silently, another client subscribes to this topic, or this broker never reports missing ' +
        'subscribers. If the record is not in the log either, it was dropped.',
      change: 'See the step "Record in the agent\'s log".',
    });
  },
};

/** Milliseconds to wait for the answer. */
const PROBE_WAIT_MS = 3000;
