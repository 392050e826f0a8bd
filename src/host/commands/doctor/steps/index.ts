/** The steps of `doctor`, in the order in which a run depends on them. */
import { minimumLevel, settings } from './agent-settings.ts';
import { certificate, clock, health, tier } from './api.ts';
import { brokerAccepts, brokerPort, probeTopic, publication } from './broker.ts';
import { installRoot, jobDocument } from './job-document.ts';
import { seenInLog } from './log.ts';
import { plugins, stateDirectory } from './machine.ts';
import { port } from './port.ts';
import { signature } from './signature.ts';
import { configuration, environment, startedBy } from './start.ts';
import type { Step } from './step.ts';

export const steps: readonly Step[] = [
  startedBy,
  environment,
  configuration,
  installRoot,
  jobDocument,
  port,
  health,
  certificate,
  tier,
  settings,
  minimumLevel,
  brokerPort,
  brokerAccepts,
  publication,
  probeTopic,
  seenInLog,
  signature,
  clock,
  stateDirectory,
  plugins,
];
