/** The outcome of `doctor`, as text for people and as JSON for programs. */
import type { CheckResult } from '../../task/check.ts';
import type { StepReport } from './steps/step.ts';

/** Where `doctor` ran, and as what. */
export interface DoctorSubject {
  readonly program: string;
  readonly version: string;
  readonly host: string;
  readonly os: string;
}

/** The JSON object that `--json` prints. */
export interface DoctorReport extends DoctorSubject {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly steps: readonly StepReport[];
  /** Id of the first step that failed; null if none did. */
  readonly firstFailed: string | null;
  /** The exit code of that step; 0 if none failed. */
  readonly exitCode: number;
}

export function reportOf(subject: DoctorSubject, time: string, steps: readonly StepReport[]): DoctorReport {
  const first = steps.find(({ result }) => result === 'failed');
  return { ...subject, time, steps, firstFailed: first?.id ?? null, exitCode: first?.exitCode ?? 0 };
}

const labels: Readonly<Record<CheckResult, string>> = {
  ok: 'ok',
  warning: 'WARNING',
  failed: 'FAILED',
  skipped: 'skipped',
};

/** SGR codes of ECMA-48: green, yellow, red, faint. */
const colours: Readonly<Record<CheckResult, number>> = { ok: 32, warning: 33, failed: 31, skipped: 2 };

const LABEL_WIDTH = 9;
const TITLE_WIDTH = 34;

export function heading({ program, version, host, os }: DoctorSubject): string {
  return `${program} ${version}, doctor on ${host} (${os})\n\n`;
}

/** The lines of one step. */
export function stepText(step: StepReport, { colour }: { readonly colour: boolean }): string {
  const { result, title, saw, means, change } = step;
  const label = labels[result].padEnd(LABEL_WIDTH);
  const shown = colour ? `\u001b[${colours[result]}m${label}\u001b[0m` : label;
  const indent = ' '.repeat(LABEL_WIDTH);
  return [
    `${shown}${title.padEnd(TITLE_WIDTH)} ${saw}`,
    ...(means === undefined ? [] : [`${indent}means:  ${means}`]),
    ...(change === undefined ? [] : [`${indent}change: ${change}`]),
    '',
  ].join('\n');
}

/** The last lines. */
export function conclusion({ steps, firstFailed, exitCode }: DoctorReport, meaning: string): string {
  const first = steps.find(({ id }) => id === firstFailed);
  if (first !== undefined) return `\nFirst failure: ${first.title} (exit code ${exitCode}: ${meaning})\n`;
  const warnings = steps.filter(({ result }) => result === 'warning').length;
  const skipped = steps.filter(({ result }) => result === 'skipped').length;
  return `\nNo step failed; warnings: ${warnings}, skipped: ${skipped}.\n`;
}
