/**
 * Who may connect to the broker: clients of a version that it speaks, with the right credentials, of a trusted process, and with a client id that
 * names the job of that process.
 */
import type { TLSSocket } from 'node:tls';
import type { IConnectPacket } from 'mqtt-packet';
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { Audit } from '../audit.ts';
import type { Faults } from '../faults.ts';
import { type Peer, type Trust, distrustDetails, explainDistrust } from '../trust/trust.ts';
import { NAMES_NO_JOB, jobOfClient } from './client-identity.ts';
import { type MqttVersion, type Refusal, mqttVersionNames, mqttVersions } from './packets.ts';
import type { BrokerSwitches } from './switches.ts';

/** An accepted client. */
export interface ClientOrigin {
  readonly clientId: string;
  /** Undefined for a client id that names no job: everything that the client does is denied silently. */
  readonly jobId: string | undefined;
  readonly peer: Peer;
}

export interface AdmissionOptions {
  readonly trust: Trust;
  readonly audit: Audit;
  readonly faults: Faults;
  readonly switches: BrokerSwitches;
  readonly jobs: () => ReadonlyMap<string, JobDocument>;
  readonly onAdmitted: (socket: TLSSocket, origin: ClientOrigin) => void;
}

type Admitted = { readonly origin: ClientOrigin } | { readonly refusal: Refusal };

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** The version of a CONNECT; undefined if this broker does not speak it. */
  versionOf({ protocolVersion }: IConnectPacket): MqttVersion | undefined {
    const spoken = this.#options.switches.mqttVersions ?? mqttVersionNames;
    return spoken.map((name) => mqttVersions[name]).find((version) => version === protocolVersion);
  }

  get answersUnsupportedVersions(): boolean {
    return this.#options.switches.unsupportedVersion !== 'close';
  }

  /** Accepts a client or returns the refusal: checks the process first, then the credentials, then the client id. */
  admit(socket: TLSSocket, packet: IConnectPacket): Admitted {
    const { faults, onAdmitted, trust } = this.#options;
    const { clientId } = packet;
    if (faults.broker === 'not-authorised') {
      return this.#refuse('not-authorised', 'fault: the broker authorises nobody', { clientId });
    }
    const peer = trust.peerOf(socket);
    if (peer === undefined) {
      const distrust = trust.distrustOf(socket);
      const reason = `MQTT: the client ${explainDistrust(distrust)}`;
      return this.#refuse('not-authorised', reason, { clientId, ...distrustDetails(distrust) });
    }
    const details = { clientId, ...(peer.kind === 'anyone' ? {} : { pid: peer.pid }) };
    if (!this.#hasCredentials(packet)) {
      return this.#refuse('bad-credentials', 'MQTT: user name or password is missing or wrong', details);
    }
    const jobId = this.#jobOf(clientId, peer);
    if (jobId === undefined) {
      if (!this.#deniesSilently) return this.#refuse('identifier-rejected', `MQTT: ${NAMES_NO_JOB}`, details);
      this.#options.audit.warn('session', `MQTT: ${NAMES_NO_JOB}; whatever it publishes is dropped`, details);
    }
    const origin = { clientId, jobId, peer };
    onAdmitted(socket, origin);
    return { origin };
  }

  #refuse(refusal: Refusal, reason: string, details: { readonly clientId: string }): Admitted {
    this.#options.audit.add('connection-refused', reason, details);
    return { refusal };
  }

  #hasCredentials({ username, password }: IConnectPacket): boolean {
    const wanted = this.#options.switches.brokerCredentials;
    return wanted === undefined || (username === wanted.user && String(password ?? '') === wanted.password);
  }

  #jobOf(clientId: string, peer: Peer): string | undefined {
    const { jobs, switches } = this.#options;
    return jobOfClient(clientId, peer, {
      pattern: switches.clientIdPattern,
      hasJob: (id: string) => jobs().has(id),
    });
  }

  get #deniesSilently(): boolean {
    const { faults, switches } = this.#options;
    return switches.wrongClientId === 'deny-silently' || faults.denySilently === 'client-id';
  }
}
