/** The probe, as the end-to-end tests of the host run it. */
import { readFileSync } from 'node:fs';
import { taskBuild } from './probe/task-build.ts';
import { programUnderTest } from './program-under-test.ts';

export * from './program-under-test.ts';
export const { command, byHand, agentWithJob } = programUnderTest(taskBuild);

/** The id of its job. */
export const jobId = taskBuild.name;

/** What a JSON report of the probe holds. */
export interface ProbeReport {
  readonly exitCode: number;
  readonly exitMeaning: string;
  readonly announced: readonly number[];
  readonly deferred: number;
  readonly known: number;
}

/** Reads a JSON report of the probe. */
export function readProbeReport(path: string): ProbeReport {
  return JSON.parse(readFileSync(path, 'utf8'));
}
