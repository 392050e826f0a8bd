/**
 * `doctor --calibrate`: finds out, on one machine, how this agent wants its clients to identify themselves and their records to look. Tries
 * one dimension at a time, with a marker for each attempt, and looks in the agent's log which of them arrived. A marker in the log is
 * the only proof: the agent acknowledges what it drops.
 */
import { type Level, levels } from '../../../log/index.ts';
import type { Examination } from '../steps/examination.ts';
import { logFoldersOf } from '../steps/log.ts';
import { type LogLine, watchFor } from '../steps/log-search.ts';
import {
  type FieldNames,
  type LevelValues,
  type MqttVersion,
  fieldNames,
  levelValues,
} from './candidates.ts';
import { publishAs } from './connection.ts';
import { type Identities, type Identity, type SeeLines, findIdentity } from './identity.ts';
import { type Attempt, type Judgement, best, judge } from './judgement.ts';
import { type Marker, Markers } from './marker.ts';

/** Milliseconds until the first marker must be in the log, and without another one until all are. */
const FIRST_LINE_MS = 4000;
const QUIET_MS = 1000;

/** What is known at the end. */
export interface Calibration {
  readonly identities: Identities;
  /** The best names of fields and values of levels; undefined without proof. */
  readonly form: Judgement | undefined;
  /** The folders in which the log was looked for; empty if none is known. */
  readonly folders: readonly string[];
}

/** Calibrates; the examination has reached the broker's port. */
export async function calibrate(examination: Examination): Promise<Calibration> {
  const folders = logFoldersOf(examination);
  const markers = new Markers(examination);
  const see: SeeLines = (expected) => linesOf(expected, folders, examination);
  const identities = await findIdentity(markers, see, examination);
  const identity = identities.found;
  if (identity === undefined) return { identities, form: undefined, folders };
  const judgeAll = (forms: readonly Attempt['form'][]) =>
    judgeForms(forms, identity, markers, see, examination);
  const names = best(await judgeAll(fieldNames.map((each) => ({ names: each, levels: identity.levels }))));
  if (names === undefined) return { identities, form: undefined, folders };
  const chosen = names.form.names;
  const form = best(await judgeAll(levelValues.map((each) => ({ names: chosen, levels: each }))));
  return { identities, form: form ?? names, folders };
}

/** Publishes markers in each form, over one connection, and judges their lines. */
async function judgeForms(
  forms: readonly Attempt['form'][],
  { template, mqttVersion }: Identity,
  markers: Markers,
  see: SeeLines,
  examination: Examination,
): Promise<Judgement[]> {
  const below = levelBelow(examination.settings?.minimumLevel);
  const attempts = forms.map((form): Attempt => ({
    form,
    unimportant: below && markers.next(form, below),
    worse: [markers.next(form, 'Error'), markers.next(form, 'Critical')],
    important: markers.next(form, 'Warning'),
  }));
  // The important ones last: when they are in the log, the others would be, too.
  const made = attempts.flatMap(({ unimportant, worse, important }) => [
    ...(unimportant === undefined ? [] : [unimportant]),
    ...worse,
    important,
  ]);
  await publishAs(template, mqttVersion, made, markers, examination);
  const seen = await see(attempts.map(({ important }) => important));
  return attempts.flatMap((attempt) => judge(attempt, seen) ?? []);
}

/** The highest level that the log does not show; undefined if it shows all. */
function levelBelow(minimum = 'Warning'): Level | undefined {
  const at = levels.findIndex((level) => level.toLowerCase() === minimum.toLowerCase());
  return levels[(at === -1 ? levels.indexOf('Warning') : at) - 1];
}

/** The lines with markers: until one of the expected ones is there and no other one appears any more. */
async function linesOf(
  expected: readonly Marker[],
  folders: readonly string[],
  { marker, signal, platform }: Examination,
): Promise<readonly LogLine[]> {
  if (folders.length === 0 || expected.length === 0) return [];
  const began = platform.clock.monotonic();
  let count = 0;
  let changed = began;
  const look = await watchFor(
    `${marker}.`,
    folders,
    ({ lines }) => {
      const now = platform.clock.monotonic();
      if (lines.length > count) {
        count = lines.length;
        changed = now;
      }
      const hasAny = expected.some(({ text }) => lines.some((line) => line.text.includes(text)));
      return hasAny ? now - changed >= QUIET_MS : now - began >= FIRST_LINE_MS;
    },
    signal,
  );
  return look.lines;
}

/** What to write into the configuration file, as far as it differs from this program's defaults. */
export interface Proposal {
  readonly clientIdTemplate: string;
  readonly mqttVersion: MqttVersion;
  readonly payload?: { readonly names?: FieldNames; readonly levels?: LevelValues };
}

/** The configuration to deploy; undefined without proof of the client id. Without proof of the form of records, it has none. */
export function proposalOf({ identities, form }: Calibration): Proposal | undefined {
  const identity = identities.found ?? identities.recognised;
  if (identity === undefined) return undefined;
  const { template: clientIdTemplate, mqttVersion } = identity;
  if (form === undefined) return { clientIdTemplate, mqttVersion };
  const { names, levels: values } = form.form;
  const payload = {
    ...(names !== fieldNames[0] && { names }),
    ...(Object.keys(values).length > 0 && { levels: values }),
  };
  return { clientIdTemplate, mqttVersion, ...(Object.keys(payload).length > 0 && { payload }) };
}
