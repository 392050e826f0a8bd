/**
 * The switches of the local agent and their values, with what a run makes of each: everything arrives, with the default configuration or with
 * the setting that the value names, or the run says why not. Default values are not listed: a case has those of all other switches.
 */
import { brokerValues, logValues, settingsValues } from './agent-values.ts';
import { dropped, lostConnection, noAddress } from './causes.ts';
import { linkValues } from './link-values.ts';
import { type Interplay, type Value, shortWait } from './value.ts';

export const values: readonly Value[] = [...linkValues, ...settingsValues, ...brokerValues, ...logValues];

/** An agent that a run cannot find again, or whose new certificate it does not trust: it has read the authorities when it began. */
const restarted = (other: Interplay['values'][number]): Interplay => ({
  values: ['restart during the run: agent, other ports', other],
  flags: shortWait,
  cause: lostConnection,
});

/** Values that keep records from arriving only together. */
export const interplays: readonly Interplay[] = [
  { values: ['API address: literal', 'appsettings.json: omitted'], cause: noAddress },
  { values: ['API address: wrong port', 'appsettings.json: omitted'], cause: noAddress },
  restarted('appsettings.json: omitted'),
  restarted('certificate names: localhost'),
  restarted('certificate names: 127.0.0.1'),
  restarted('certificate names: other, with --tls-server-name'),
  restarted('certificate: self-signed'),
  {
    values: ['restart during the run: broker, other port', 'certificate: self-signed'],
    flags: shortWait,
    cause: lostConnection,
  },
  { values: ['payload case: Pascal', 'unknown fields: left out'], cause: dropped('record') },
  { values: ['payload case: Pascal', 'level names: short, configured'], cause: dropped('record') },
  { values: ['payload case: Pascal', 'level names: numbers, configured'], cause: dropped('record') },
  {
    values: ['payload case: Pascal', 'unknown fields: records without the expected ones dropped'],
    cause: dropped('record'),
  },
];
