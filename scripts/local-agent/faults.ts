/**
 * Faults on request. Every switch may be changed while the agent runs; each part of the agent checks its own switch when it acts.
 */
import type { CertificateFault } from './tls/authority.ts';

/** Replies of `GET /api/PluginSettings/...` instead of the settings. */
export const settingsFaults = [401, 403, 404, 500, 'garbage', 'redirect', 'trickle', 'hang'] as const;
export type SettingsFault = (typeof settingsFaults)[number];

/**
 * - `refuse`: nothing listens, a connection is refused.
 * - `not-authorised`: CONNACK refuses every client.
 * - `hang`: connections are accepted, CONNECT is never answered.
 * - `no-ack`: publications are accepted and never acknowledged.
 */
export const brokerFaults = ['refuse', 'not-authorised', 'hang', 'no-ack'] as const;
export type BrokerFault = (typeof brokerFaults)[number];

/**
 * Publications that are acknowledged and dropped: `client-id`, all of a client whose id does not name its job, which is admitted then;
 * `topic`, those on `KeeperLogger`; `topic:NAME`, those on another topic.
 */
export type SilentDenial = 'client-id' | 'topic' | `topic:${string}`;

/** True for the text of a `SilentDenial`. */
export function isSilentDenial(text: string): text is SilentDenial {
  return text === 'client-id' || text === 'topic' || /^topic:./.test(text);
}

/**
 * - `disk-full`: KeeperLogger.log cannot be written; records are accepted.
 * - `not-listening`: nobody receives publications on `KeeperLogger`; they are accepted and vanish.
 */
export const logFaults = ['disk-full', 'not-listening'] as const;
export type LogFault = (typeof logFaults)[number];

export interface Faults {
  settings: SettingsFault | undefined;
  broker: BrokerFault | undefined;
  /** A client's connection is closed after this many packets from it, including CONNECT. */
  dropAfterPackets: number | undefined;
  /** Of all clients' publications, every nth closes its connection instead of being handled, once those before are acknowledged. */
  closeAfterPublishes: number | undefined;
  /** Wrong server certificates, of the API and of the broker. */
  certificate: CertificateFault | undefined;
  log: LogFault | undefined;
  denySilently: SilentDenial | undefined;
}

/** The switches of one agent; calls back after each change, for parts that must act at once. */
export function faultSwitches(initial: Partial<Faults>, onChange: () => void): Faults {
  const faults: Faults = {
    settings: undefined,
    broker: undefined,
    dropAfterPackets: undefined,
    closeAfterPublishes: undefined,
    certificate: undefined,
    log: undefined,
    denySilently: undefined,
    ...initial,
  };
  return new Proxy(faults, {
    set: (target, name, value) => {
      const isSet = Reflect.set(target, name, value);
      onChange();
      return isSet;
    },
  });
}
