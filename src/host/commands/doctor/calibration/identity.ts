/** Finds a client id that the agent recognises: the first one whose marker is in the log. */
import type { Examination } from '../steps/examination.ts';
import type { LogLine } from '../steps/log-search.ts';
import {
  type LevelValues,
  type MqttVersion,
  clientIdTemplates,
  fieldNames,
  mqttVersions,
  unlikeLevels,
} from './candidates.ts';
import { type Reception, publishAs } from './connection.ts';
import type { Form, Marker, Markers } from './marker.ts';

/** Attempts in a row without any answer of the broker, after which no others are made. */
const MAX_SILENT = 4;
/** Client ids that the broker recognises and that are tried with other levels. */
const MAX_REPEATED = 2;

/** A client id that was tried. */
export interface IdentityAttempt {
  readonly template: string;
  readonly mqttVersion: MqttVersion;
  readonly reception: Reception;
  readonly markers: readonly Marker[];
}

/** A client id whose marker is in the log. */
export interface Identity extends IdentityAttempt {
  /** The values for levels with which it got there. */
  readonly levels: LevelValues;
}

export interface Identities {
  readonly attempts: readonly IdentityAttempt[];
  readonly found: Identity | undefined;
  /** The first one that the broker recognises, according to its answer on the probe topic. */
  readonly recognised: IdentityAttempt | undefined;
}

/** Looks for lines with the markers, and waits for them. */
export type SeeLines = (expected: readonly Marker[]) => Promise<readonly LogLine[]>;

/**
 * Tries the configured template alone, then all others, then all again with other levels. Each round ends with a look in the log, so that an
 * agent that needs no calibration gets few lines. If the broker shows which client ids it recognises, no others are tried again.
 */
export async function findIdentity(
  markers: Markers,
  see: SeeLines,
  examination: Examination,
): Promise<Identities> {
  const { clientIdTemplate } = examination.config;
  const others = clientIdTemplates.filter((template) => template !== clientIdTemplate);
  const usual: readonly Form[] = [
    { names: 'all', levels: {} },
    ...fieldNames.slice(0, 2).map((names) => ({ names, levels: {} })),
  ];
  const unusual = unlikeLevels.map((levels): Form => ({ names: 'all', levels }));
  const attempts: IdentityAttempt[] = [];
  const versions = new Set<MqttVersion>(mqttVersions);
  const round = async (templates: readonly string[], forms: readonly Form[]) => {
    const made = await tryAll(templates, forms, versions, markers, examination);
    attempts.push(...made);
    const accepted = made.filter(({ reception }) => reception.kind === 'accepted');
    return firstIn(accepted, await see(accepted.flatMap((attempt) => attempt.markers)));
  };
  let found = await round([clientIdTemplate], usual);
  if (found === undefined && !attempts.some(isRecognised)) found = await round(others, usual);
  const recognised = attempts.filter(isRecognised);
  if (found === undefined) {
    const known = recognised.slice(0, MAX_REPEATED).map(({ template }) => template);
    found = await round(known.length > 0 ? known : [clientIdTemplate, ...others], unusual);
  }
  return { attempts, found, recognised: recognised[0] };
}

function isRecognised({ reception }: IdentityAttempt): boolean {
  return reception.kind === 'accepted' && reception.isRecognised;
}

function firstIn(attempts: readonly IdentityAttempt[], seen: readonly LogLine[]): Identity | undefined {
  for (const attempt of attempts) {
    const marker = attempt.markers.find(({ text }) => seen.some((line) => line.text.includes(text)));
    if (marker !== undefined) return { ...attempt, levels: marker.form.levels };
  }
  return undefined;
}

/** Tries client ids, each with the newest version of MQTT that the broker is not known to refuse. */
async function tryAll(
  templates: readonly string[],
  forms: readonly Form[],
  versions: Set<MqttVersion>,
  markers: Markers,
  examination: Examination,
): Promise<IdentityAttempt[]> {
  const attempts: IdentityAttempt[] = [];
  let silent = 0;
  for (const template of templates) {
    for (const mqttVersion of versions) {
      if (silent >= MAX_SILENT || examination.signal.aborted) return attempts;
      const made = forms.map((form) => markers.next(form, 'Warning'));
      const reception = await publishAs(template, mqttVersion, made, markers, examination);
      attempts.push({ template, mqttVersion, reception, markers: made });
      const isAnswer = reception.kind === 'accepted' || reception.kind === 'refused';
      silent = reception.kind === 'unreachable' ? silent + 1 : 0;
      // What the broker does not speak with one client id, it does not speak with another.
      if (reception.kind === 'wrong-version') versions.delete(mqttVersion);
      if (isAnswer && mqttVersion === '3.1.1') versions.delete('5');
      if (isAnswer) break;
    }
  }
  return attempts;
}
