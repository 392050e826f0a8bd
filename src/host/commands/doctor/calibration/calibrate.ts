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
  clientIdTemplates,
  fieldNames,
  levelValues,
  mqttVersions,
} from './candidates.ts';
import { type Reception, publishAs } from './connection.ts';
import { type Attempt, type Judgement, best, judge } from './judgement.ts';
import { type Form, type Marker, Markers } from './marker.ts';

/** Milliseconds until the first marker must be in the log, and without another one until all are. */
const FIRST_LINE_MS = 6000;
const QUIET_MS = 1200;
/** Attempts in a row without any answer of the broker, after which no others are made. */
const MAX_SILENT = 3;

/** The forms that are tried while the client id is not known: whether records arrive at all may depend on the field names. */
const MAX_FORMS_PER_ID = 4;

/** A client id that was tried. */
export interface IdentityAttempt {
  readonly template: string;
  readonly mqttVersion: MqttVersion;
  readonly reception: Reception;
  readonly markers: readonly Marker[];
}

/** What is known at the end. */
export interface Calibration {
  readonly identities: readonly IdentityAttempt[];
  /** The first client id whose marker was in the log. */
  readonly identity: IdentityAttempt | undefined;
  readonly names: Judgement | undefined;
  readonly levels: Judgement | undefined;
  /** The folders in which the log was looked for; empty if none is known. */
  readonly folders: readonly string[];
}

/** Calibrates; the examination has reached the broker's port. */
export async function calibrate(examination: Examination): Promise<Calibration> {
  const folders = logFoldersOf(examination);
  const markers = new Markers(examination);
  const lines = (expected: readonly Marker[]) => linesOf(expected, folders, examination);
  const identities = await tryIdentities(markers, examination);
  const published = identities.flatMap((attempt) => attempt.markers);
  const seen = folders.length === 0 ? [] : await lines(published);
  const identity = identities.find((attempt) =>
    attempt.markers.some(({ text }) => seen.some((line) => line.text.includes(text))),
  );
  if (identity === undefined) return { identities, identity, names: undefined, levels: undefined, folders };
  const tryForms = async (forms: readonly Form[]) =>
    best(await judgeForms(forms, identity, markers, lines, examination));
  const names = await tryForms(fieldNames.map((each) => ({ names: each, levels: {} })));
  const chosen = names?.form.names ?? fieldNames[0];
  const found =
    chosen === undefined
      ? undefined
      : await tryForms(levelValues.map((each) => ({ names: chosen, levels: each })));
  return { identities, identity, names, levels: found, folders };
}

/** Tries the client ids, each with the newest version of MQTT that the broker speaks. */
async function tryIdentities(markers: Markers, examination: Examination): Promise<IdentityAttempt[]> {
  const attempts: IdentityAttempt[] = [];
  const templates = new Set([examination.config.clientIdTemplate, ...clientIdTemplates]);
  const versions = new Set<MqttVersion>(mqttVersions);
  let silent = 0;
  for (const template of templates) {
    for (const mqttVersion of versions) {
      if (silent >= MAX_SILENT || examination.signal.aborted) return attempts;
      const forms = fieldNames.slice(0, MAX_FORMS_PER_ID).map((names) => ({ names, levels: {} }));
      const made = forms.map((form) => markers.next(form, 'Warning'));
      const reception = await publishAs(template, mqttVersion, made, markers, examination);
      attempts.push({ template, mqttVersion, reception, markers: made });
      silent = reception.kind === 'unreachable' ? silent + 1 : 0;
      // What the broker does not speak with one client id, it does not speak with another.
      if (reception.kind === 'wrong-version') versions.delete(mqttVersion);
      if (reception.kind === 'accepted' || reception.kind === 'refused') break;
    }
  }
  return attempts;
}

/** Publishes two markers in each form, over one connection, and judges their lines. */
async function judgeForms(
  forms: readonly Form[],
  { template, mqttVersion }: IdentityAttempt,
  markers: Markers,
  lines: (expected: readonly Marker[]) => Promise<readonly LogLine[]>,
  examination: Examination,
): Promise<Judgement[]> {
  const below = levelBelow(examination.settings?.minimumLevel);
  const attempts = forms.map((form): Attempt => ({
    form,
    unimportant: below && markers.next(form, below),
    important: markers.next(form, 'Warning'),
  }));
  // The unimportant ones first: when the important ones are in the log, the others would be, too.
  const made = attempts.flatMap(({ unimportant, important }) =>
    unimportant === undefined ? [important] : [unimportant, important],
  );
  await publishAs(template, mqttVersion, made, markers, examination);
  const seen = await lines(attempts.map(({ important }) => important));
  return attempts.flatMap((attempt) => judge(attempt, seen) ?? []);
}

/** The highest level that the log does not show; undefined if it shows all. */
function levelBelow(minimum = 'Warning'): Level | undefined {
  const at = levels.findIndex((level) => level.toLowerCase() === minimum.toLowerCase());
  return levels[(at === -1 ? levels.indexOf('Warning') : at) - 1];
}

/** The lines with markers: until all expected ones are there, or no other one appears any more. */
async function linesOf(
  expected: readonly Marker[],
  folders: readonly string[],
  { marker, signal, platform }: Examination,
): Promise<readonly LogLine[]> {
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
      const isQuiet = now - changed >= QUIET_MS;
      return hasAny ? isQuiet : now - began >= FIRST_LINE_MS;
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

/** The configuration to deploy; undefined without proof. */
export function proposalOf({ identity, names, levels: found }: Calibration): Proposal | undefined {
  if (identity === undefined || names === undefined) return undefined;
  const values = found?.form.levels ?? {};
  const hasNames = names.form.names !== fieldNames[0];
  const hasLevels = Object.keys(values).length > 0;
  return {
    clientIdTemplate: identity.template,
    mqttVersion: identity.mqttVersion,
    ...((hasNames || hasLevels) && {
      payload: { ...(hasNames && { names: names.form.names }), ...(hasLevels && { levels: values }) },
    }),
  };
}
