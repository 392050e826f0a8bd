/**
 * The program of a task, as the end-to-end tests run it: the packed executable, or with TASK_UNDER_TEST=source the sources on the
 * same Node. One suite for both, so that what was tested is what is shipped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layOutAgentRoot } from '../../build/agent-root.ts';
import { type AgentOptions, type LocalAgent, startAgent } from '../../scripts/local-agent/index.ts';
import { hostPlatform } from '../../src/host/platform/index.ts';
import type { TaskBuild } from '../../src/host/task/task-build.ts';
import type { Need } from '../tool.ts';

/** True when the sources are run instead of the packed executable. */
export const fromSource = process.env['TASK_UNDER_TEST'] === 'source';

/** For tests of what only the packed executable has, or does in time. */
export const packed: Need = { name: 'the packed executable', isMet: !fromSource, isGiven: true };

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ByHand {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from standard input; by default nothing. */
  readonly input?: string | Uint8Array;
  /** Called once the process runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** A record as a line of JSON or a payload on `KeeperLogger`. */
export interface Line {
  readonly id: string;
  readonly event: string;
  readonly level: string;
  readonly source: string;
  readonly run: string;
  readonly timestamp: string;
  readonly message: string;
  readonly host: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The records among lines of output. */
export function recordsIn(output: string): Line[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line): Line => JSON.parse(line));
}

/** The records that an agent has received. */
export function recordsOf({ records }: LocalAgent): Line[] {
  return records.map(({ payload }): Line => JSON.parse(JSON.stringify(payload)));
}

/** Folders that are removed by `cleanUp`. */
const folders: string[] = [];
const agents: LocalAgent[] = [];

/** A new empty folder. */
export function newFolder(name = 'e2e'): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  folders.push(folder);
  return folder;
}

/** Every file below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Resolves as soon as the condition holds. @throws Error when it does not within 20 seconds */
export async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 1000) throw new Error(`it did not come true: ${condition.toString()}`);
    await new Promise((done) => {
      setTimeout(done, 20);
    });
  }
}

/** The most resident memory that a process had, in bytes: the kernel's account; 0 where there is none. */
export function peakMemoryOf(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}

/** Ends every agent and removes every folder that was made here. */
export async function cleanUp(): Promise<void> {
  for (const agent of agents.splice(0)) await agent.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A program that can be run by hand and as the job of an agent. */
export interface ProgramUnderTest {
  /** The program and its first arguments. */
  readonly command: readonly string[];
  /** Runs the program as a person would; it is killed after 50 seconds. */
  readonly byHand: (args: readonly string[], how?: ByHand) => Promise<Ended>;
  /**
   * An agent whose root has the job, with these arguments besides the template's; nothing runs yet. The arguments may
   * depend on the agent, whose ports and certificates are new each time.
   */
  readonly agentWithJob: (
    extraArguments: readonly string[] | ((agent: LocalAgent) => readonly string[]),
    options?: Partial<AgentOptions> & { readonly template?: string },
  ) => Promise<LocalAgent>;
}

/** The program of a task. @throws Error when its executable is to be run, and is not packed */
export function programUnderTest({ name, main, jobTemplates }: TaskBuild): ProgramUnderTest {
  const source = resolve(main);
  const executable = resolve('dist', process.platform === 'win32' ? `${name}.exe` : name);
  if (!fromSource && !existsSync(executable)) {
    throw new Error(`${executable} is missing: run "npm run package:probe" and "npm run package" first`);
  }
  const command = fromSource ? [process.execPath, source] : [executable];

  const byHand: ProgramUnderTest['byHand'] = (args, { env = {}, cwd, input = '', onStart } = {}) => {
    const [file = '', ...first] = command;
    const child = spawn(file, [...first, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      timeout: 50_000,
      killSignal: 'SIGKILL',
    });
    // It may end before it has read anything.
    child.stdin.on('error', () => undefined).end(input);
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    onStart?.(child);
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => done({ code, ...said }));
    });
  };

  const agentWithJob: ProgramUnderTest['agentWithJob'] = async (
    extraArguments,
    { template = name, ...options } = {},
  ) => {
    const root = options.root ?? newFolder('agent');
    const agent = await startAgent({ startup: false, ...options, root });
    agents.push(agent);
    const extra = typeof extraArguments === 'function' ? extraArguments(agent) : extraArguments;
    // An executable that an agent before has left there is a link to one that other tests may be running: nobody can write to it.
    rmSync(join(root, 'Jobs', 'bin'), { recursive: true, force: true });
    layOutAgentRoot({
      root,
      os: hostPlatform({}).os,
      templates: jobTemplates,
      template,
      executable: fromSource
        ? { script: `#!/bin/sh\nexec '${process.execPath}' '${source}' "$@"\n` }
        : { path: executable },
      // From source, the executable is not below the root.
      extraArguments: ['--state-dir', join(root, 'state'), '--agent-root', root, ...extra],
    });
    agent.reloadJobs();
    return agent;
  };

  return { command, byHand, agentWithJob };
}
