/**
 * The agent's ports: the API and the broker, their certificates, and what changes them while the agent runs: restarts and faults.
 */
import { describeError } from '../../src/host/exit/task-error.ts';
import { writeAppSettings } from './app-settings.ts';
import type { Parts } from './assembly.ts';
import { Broker } from './broker/broker.ts';
import type { Faults } from './faults.ts';
import { ApiServer } from './http/api-server.ts';
import { jobRoutes } from './http/job-routes.ts';
import { settingsFault, settingsRoutes } from './http/settings-routes.ts';
import { systemRoutes } from './http/system-routes.ts';
import type { AgentOptions } from './options.ts';
import {
  Authority,
  certificateFaults,
  certificateFiles,
  readAdminCertificate,
  writeAdministrator,
  writeAnchors,
} from './tls/authority.ts';
import type { KeyPair } from './tls/certificate.ts';

/** Which port a restarted server listens on: the one that it had, or any free one. */
export type PortChoice = 'same' | 'new';

/** An authority, and a certificate for each fault, made beforehand: a fault acts at once. */
interface Credentials {
  readonly authority: Authority;
  readonly byFault: ReadonlyMap<Faults['certificate'], KeyPair>;
}

export class Endpoints {
  readonly #parts: Parts;
  readonly #options: AgentOptions;
  #credentials: Credentials | undefined;
  #api: ApiServer | undefined;
  #broker: Broker | undefined;
  #apiCertificate: KeyPair | undefined;
  #brokerCertificate: KeyPair | undefined;
  #certificateFault: Faults['certificate'];

  constructor(parts: Parts, options: AgentOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#certificateFault = parts.faults.certificate;
  }

  async start(): Promise<void> {
    const { httpsPort = 0, httpPort = 0, brokerPort = 0 } = this.#options;
    await this.#startApi(httpsPort, httpPort);
    await this.#startBroker(brokerPort);
    this.applyFaults();
  }

  /** Restarts both, with a new authority. Jobs continue, and `Startup` is not raised. */
  async restart(port: PortChoice): Promise<void> {
    const { https, http, broker } = this.#parts.ports;
    await this.stop();
    this.#credentials = undefined;
    this.#brokerCertificate = undefined;
    await this.#startApi(port === 'same' ? https : 0, port === 'same' ? http : 0);
    await this.#startBroker(port === 'same' ? broker : 0);
    this.applyFaults();
  }

  async killBroker(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    await broker?.stop();
  }

  async restartBroker(port: PortChoice): Promise<void> {
    await this.killBroker();
    await this.#startBroker(port === 'same' ? this.#parts.ports.broker : 0);
    this.applyFaults();
  }

  async stop(): Promise<void> {
    const api = this.#api;
    this.#api = undefined;
    await this.killBroker();
    await api?.stop();
  }

  /** Most faults are checked when they matter; these affect what listens already. */
  applyFaults(): void {
    const { broker, certificate } = this.#parts.faults;
    const renewed = this.#credentials?.byFault.get(certificate);
    if (certificate !== this.#certificateFault && renewed !== undefined) {
      this.#certificateFault = certificate;
      this.#api?.renew(renewed);
      this.#broker?.renew(renewed);
      this.#apiCertificate = renewed;
      this.#brokerCertificate = renewed;
      this.#writeAnchors();
    }
    if (broker === 'refuse') this.#broker?.refuse();
    else
      this.#broker?.listen().catch((error: unknown) => {
        this.#parts.audit.add(
          'connection-refused',
          `the broker cannot listen again: ${describeError(error)}`,
        );
      });
  }

  async #startApi(httpsPort: number, httpPort: number): Promise<void> {
    const { audit, faults, jobs, now, plugins, ports, root, settings, trust } = this.#parts;
    await writeAdministrator(root);
    this.#apiCertificate = await this.#newCertificate();
    this.#writeAnchors();
    this.#api = await ApiServer.start({
      httpsPort,
      httpPort,
      certificate: this.#apiCertificate,
      adminCertificate: readAdminCertificate(certificateFiles(root)),
      trust,
      audit,
      routes: [
        ...systemRoutes({ now, jobs: () => jobs.jobs, plugins }),
        ...settingsRoutes(settings, this.#options),
        ...jobRoutes(jobs),
      ],
      intercept: (request, response) => settingsFault(request, response, faults),
    });
    ports.https = this.#api.httpsPort;
    ports.http = this.#api.httpPort;
    if (this.#options.appSettings !== false) writeAppSettings(root, ports.https);
  }

  async #startBroker(port: number): Promise<void> {
    const { admission, policy, ports } = this.#parts;
    const certificate = await this.#newCertificate();
    this.#brokerCertificate = certificate;
    this.#writeAnchors();
    this.#broker = await Broker.start({ port, certificate, admission, policy });
    ports.broker = this.#broker.port;
  }

  async #newCertificate(): Promise<KeyPair> {
    const { authority } = (this.#credentials ??= await createCredentials(this.#options));
    return await authority.server(this.#parts.faults.certificate);
  }

  /** What clients must trust to accept the certificates that are in use now. */
  #writeAnchors(): void {
    const { authority } = this.#credentials ?? {};
    const inUse = [this.#apiCertificate, this.#brokerCertificate].filter((pair) => pair !== undefined);
    if (authority !== undefined) {
      writeAnchors(
        this.#parts.root,
        inUse.map((pair) => authority.anchorOf(pair)),
      );
    }
  }
}

async function createCredentials(options: AgentOptions): Promise<Credentials> {
  const authority = await Authority.create('KeeperPrivilegeManager CA (local agent)', options);
  const byFault = new Map<Faults['certificate'], KeyPair>();
  for (const fault of [undefined, ...certificateFaults]) byFault.set(fault, await authority.server(fault));
  return { authority, byFault };
}
