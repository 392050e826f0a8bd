/** The outcome of a calibration, for people and for programs. */
import { printable } from '../../../log/index.ts';
import { type Calibration, type Proposal, proposalOf } from './calibrate.ts';
import type { IdentityAttempt } from './identity.ts';

/** Characters of a line of the log that are shown. */
const MAX_SHOWN = 300;

/** The part of the JSON object that `--calibrate` adds. */
export interface CalibrationReport {
  readonly identities: readonly {
    readonly clientIdTemplate: string;
    readonly mqttVersion: string;
    readonly outcome: string;
  }[];
  /** The line of the log, or the answer of the broker, that proves the proposal; null without one. */
  readonly proof: string | null;
  /** What the agent made of the best form of records. */
  readonly signs: readonly string[];
  /** The configuration to deploy; null without proof of the client id. */
  readonly configuration: Proposal | null;
  /** What is missing for a complete proof; null if nothing is. */
  readonly missing: string | null;
}

export function calibrationReport(calibration: Calibration): CalibrationReport {
  const { identities, form } = calibration;
  const { attempts, found } = identities;
  return {
    identities: attempts.map((attempt) => ({
      clientIdTemplate: attempt.template,
      mqttVersion: attempt.mqttVersion,
      outcome: printable(outcomeOf(attempt, attempt.markers === found?.markers)),
    })),
    proof: proofOf(calibration),
    signs: form?.signs ?? [],
    configuration: proposalOf(calibration) ?? null,
    missing: form === undefined ? missingIn(calibration) : null,
  };
}

function proofOf({ form, identities: { recognised } }: Calibration): string | null {
  if (form !== undefined) return printable(`${form.line.path}: ${form.line.text.slice(0, MAX_SHOWN)}`);
  return recognised === undefined
    ? null
    : "the broker's answer on the probe topic shows that it recognises this client id";
}

function outcomeOf({ reception, markers }: IdentityAttempt, isFirst: boolean): string {
  // What follows are causes, the same for each attempt.
  if (reception.kind !== 'accepted') return `${reception.kind}: ${reception.problem.split(';')[0]}`;
  if (isFirst) return 'its record is in the log';
  const { acknowledged, isRecognised, problem } = reception;
  const recognised = isRecognised ? ', recognised on the probe topic' : '';
  const counted = `${acknowledged} of ${markers.length} records acknowledged${recognised}`;
  return problem === undefined ? counted : `${counted}, then: ${problem}`;
}

function missingIn({ identities, folders }: Calibration): string {
  if (!identities.attempts.some(({ reception }) => reception.kind === 'accepted')) {
    return 'an accepted client id: the broker refused all of them. It may require a signed executable, or a user name and password (--mqtt-user)';
  }
  if (folders.length === 0) {
    return "the agent's log: the agent's root was not found; give it with --agent-root";
  }
  const texts = identities.attempts.flatMap(({ reception, markers }) =>
    reception.kind === 'accepted' ? markers.map(({ text }) => text) : [],
  );
  return (
    `a record in the agent's log: none was found in ${folders.join(', ')}. If the log is elsewhere, look there for ` +
    `${texts[0]?.replace(/\d+\.$/, '')} and give the agent's root with --agent-root`
  );
}

/** The lines for people. */
export function calibrationText({
  identities,
  proof,
  signs,
  configuration,
  missing,
}: CalibrationReport): string {
  const attempts = identities.map(
    ({ clientIdTemplate, mqttVersion, outcome }) =>
      `  ${clientIdTemplate.padEnd(30)} MQTT ${mqttVersion.padEnd(6)} ${outcome}`,
  );
  const result = [
    ...(missing === null ? [] : [`Calibration is incomplete. Missing: ${missing}`]),
    ...(proof === null ? [] : [`Proof: ${proof}`]),
    ...(signs.length === 0 ? [] : [`The agent understood the record: ${signs.join('; ')}.`]),
    ...(configuration === null
      ? []
      : ['', 'Configuration to deploy with --config:', JSON.stringify(configuration, undefined, 2)]),
  ];
  return ['', 'Client ids tried:', ...attempts, '', ...result, ''].join('\n');
}
