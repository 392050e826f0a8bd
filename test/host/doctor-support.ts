/** Runs `doctor` of the probe, from its sources, as a job of a local agent. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { layOutAgentRoot } from '../../build/agent-root.ts';
import {
  type AgentOptions,
  type JobRun,
  type LocalAgent,
  startAgent,
} from '../../scripts/local-agent/index.ts';
import type { CalibrationReport } from '../../src/host/commands/doctor/calibration/report.ts';
import type { DoctorReport } from '../../src/host/commands/doctor/report.ts';
import { hostPlatform } from '../../src/host/platform/index.ts';
import { taskBuild } from './probe/task-build.ts';
import { newFolder } from './program-under-test.ts';

/** The job that runs `doctor`. */
export const DOCTOR_JOB = 'probe-doctor';

type Document = Record<string, unknown>;

export interface Diagnosed {
  readonly agent: LocalAgent;
  readonly run: JobRun;
  /** What `--json` printed. */
  readonly report: DoctorReport & { readonly calibration?: CalibrationReport };
  /** Milliseconds that the command took. */
  readonly took: number;
}

export interface Diagnosis {
  readonly agent?: Partial<AgentOptions>;
  /** Further arguments; they may depend on the agent. */
  readonly args?: (agent: LocalAgent) => readonly string[];
  /** Changes the job document before the agent loads it. */
  readonly document?: (document: Document) => Document;
  /** Prepares the agent's root after the agent has started. */
  readonly prepare?: (agent: LocalAgent) => void | Promise<void>;
  /** Changes the job document once more, after the agent has loaded it. */
  readonly later?: (document: Document) => Document;
}

/** Starts an agent whose root has the job; nothing runs yet. The caller stops it. */
export async function agentWithDoctor(
  { agent: options = {}, args = () => [], document = (same) => same, prepare, later }: Diagnosis,
  first: readonly string[] = [],
): Promise<LocalAgent> {
  const root = options.root ?? newFolder('doctor');
  const agent = await startAgent({ startup: false, ...options, root });
  const main = resolve(taskBuild.main);
  layOutAgentRoot({
    root,
    os: hostPlatform({}).os,
    templates: taskBuild.jobTemplates,
    template: DOCTOR_JOB,
    executable: { script: `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n` },
    extraArguments: [...first, '--agent-root', root, '--state-dir', join(root, 'state'), ...args(agent)],
  });
  const path = join(root, 'Jobs', `${DOCTOR_JOB}.json`);
  const rendered: Document = JSON.parse(readFileSync(path, 'utf8'));
  const loaded = document(rendered);
  writeFileSync(path, JSON.stringify(loaded));
  await prepare?.(agent);
  agent.reloadJobs();
  if (later !== undefined) writeFileSync(path, JSON.stringify(later(loaded)));
  return agent;
}

/** Runs `doctor --json` under an agent, and ends the agent. */
export async function diagnose(diagnosis: Diagnosis): Promise<Diagnosed> {
  const agent = await agentWithDoctor(diagnosis, ['--json']);
  try {
    const began = performance.now();
    const run = await agent.runJob(DOCTOR_JOB);
    const took = performance.now() - began;
    const [task] = run.tasks;
    if (task?.stdout === '' || task === undefined) throw new Error(`doctor printed nothing: ${task?.stderr}`);
    return { agent, run, report: JSON.parse(task.stdout), took };
  } finally {
    await agent.stop();
    rmSync(agent.root, { recursive: true, force: true });
  }
}
