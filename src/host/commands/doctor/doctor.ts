/**
 * `doctor`: walks the chain from the agent's start of this process to a record in the agent's log, and says for each step what it saw,
 * what that means and what to change. It changes nothing.
 */
import { ExitTable, hostExitCode } from '../../exit/exit-table.ts';
import { isColoured } from '../../log/colour.ts';
import { printable, redactor } from '../../log/index.ts';
import { inputReader } from '../../platform/index.ts';
import type { Command, CommandContext } from '../../task/command.ts';
import { type DoctorArguments, readArguments } from './arguments.ts';
import { calibrate } from './calibration/calibrate.ts';
import { type CalibrationReport, calibrationReport, calibrationText } from './calibration/report.ts';
import { examine, publishSummary } from './examine.ts';
import { conclusion, heading, reportOf, stepText } from './report.ts';
import { Examination } from './steps/examination.ts';
import { type Step, type StepReport, failed, ok, take, warning } from './steps/step.ts';

/** Milliseconds after which no further step begins and every wait ends; the whole command ends within a minute. */
const LONGEST_MS = 50_000;

/** Milliseconds to wait for a reader that takes nothing of the outcome. */
const FLUSH_MS = 2000;

export const doctor: Command = async (argv, context) => {
  const given = await readArguments(argv, context);
  if ('text' in given) {
    context.stdout.write(given.text);
    return hostExitCode('ok');
  }
  return diagnose(given, context);
};

async function diagnose(given: DoctorArguments, context: CommandContext): Promise<number> {
  const { task, version, env, platform, stdout, stderr } = context;
  const { json, config, configError } = given;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LONGEST_MS)]);
  const redact = redactor(task.redact);
  const exits = new ExitTable(task.exitCodes);
  const examination = new Examination({
    task,
    version,
    env,
    platform,
    exits,
    config,
    configError,
    readInput: inputReader({
      elevated: platform.elevated,
      allowUntrusted: config?.allowUntrustedFiles ?? false,
      signal,
    }),
    signal,
    show: (text) => printable(redact(text)),
  });
  const subject = { program: task.name, version, host: platform.hostname, os: platform.os };
  const { color = 'auto', noColor = false } = config ?? {};
  const colour = isColoured(stdout, noColor ? 'never' : color, env);
  if (!json) stdout.write(heading(subject));
  const reports: StepReport[] = [];
  for await (const step of examine(examination, given.calibrate ? 'broker-port' : undefined)) {
    reports.push(step);
    if (!json) stdout.write(stepText(step, { colour }));
  }
  let calibration: CalibrationReport | undefined;
  if (given.calibrate) {
    const calibrated = await calibrateAfter(reports, examination);
    calibration = calibrated.calibration;
    reports.push(calibrated.step);
    if (!json) stdout.write(stepText(calibrated.step, { colour }));
  }
  const unpublished = await publishSummary(reports, examination);
  if (unpublished !== undefined) {
    stderr.write(`${task.name}: the result was not published on KeeperLogger: ${printable(unpublished)}\n`);
  }
  const report = reportOf(subject, new Date(platform.clock.now()).toISOString(), reports);
  if (json) stdout.write(`${JSON.stringify({ ...report, ...(calibration && { calibration }) })}\n`);
  else {
    if (calibration !== undefined) stdout.write(calibrationText(calibration));
    stdout.write(conclusion(report, exits.meaningOf(report.exitCode)));
  }
  // After a signal, nothing else waits for the reader.
  await Promise.all([stdout, stderr].map(async (stream) => stream.flush?.(FLUSH_MS)));
  if (!context.signal.aborted) return report.exitCode;
  return hostExitCode(context.signal.reason === 'SIGINT' ? 'interrupted' : 'terminated');
}

/** Calibrates if the broker was reached. The outcome is the last step. */
async function calibrateAfter(
  reports: readonly StepReport[],
  examination: Examination,
): Promise<{ readonly step: StepReport; readonly calibration: CalibrationReport | undefined }> {
  let calibrated: CalibrationReport | undefined;
  const step: Step = {
    id: 'calibration',
    title: 'Calibration',
    needs: ['broker-port'],
    look: async () => {
      if (examination.isByHand) {
        return failed('config', 'not started by the agent', {
          means: 'The agent accepts only processes that it started.',
          change: 'Run doctor --calibrate as a job of the agent.',
        });
      }
      calibrated = calibrationReport(await calibrate(examination));
      const { configuration, missing } = calibrated;
      if (missing === null) return ok('found a configuration whose record appears in the log');
      if (configuration !== null) {
        return warning(`the client id is known, but the record format is not: ${missing}`, {
          means: 'The agent recognises the client id, but may not understand the records.',
          change: 'Provide what is missing, then calibrate again.',
        });
      }
      return failed('refused', `no proof: ${missing}`, {
        means: 'No attempt is known to have reached the log.',
        change: 'Provide what is missing, then calibrate again.',
      });
    },
  };
  return { step: await take(step, reports, examination), calibration: calibrated };
}
