/**
 * The program that the end-to-end tests run: the packed executable, or with TASK_UNDER_TEST=source the sources on the
 * same Node. One suite for both, so that what was tested is what is shipped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layOutAgentRoot } from '../build/agent-root.ts';
import { executablePath } from '../build/package.ts';
import { hostPlatform } from '../src/host/platform/index.ts';
import { type AgentOptions, type LocalAgent, startAgent } from '../scripts/local-agent/index.ts';

/** True when the sources are run instead of the packed executable. */
export const fromSource = process.env['TASK_UNDER_TEST'] === 'source';
const source = resolve('src/main.ts');
if (!fromSource && !existsSync(executablePath)) {
  throw new Error(`${executablePath} is missing: run "npm run package" first`);
}

/** The program and its first arguments. */
export const command: readonly string[] = fromSource ? [process.execPath, source] : [executablePath];

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ByHand {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called once the process runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the program as a person would; it is killed after 50 seconds. */
export function byHand(args: readonly string[], { env = {}, cwd, onStart }: ByHand = {}): Promise<Ended> {
  const [file = '', ...first] = command;
  const child = spawn(file, [...first, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  onStart?.(child);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...said }));
  });
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

/**
 * A folder that takes seconds to scan: one file of a megabyte under so many names, which takes no room.
 * @param besides further files, by name.
 */
export function largeFolder(files: number, besides: Readonly<Record<string, string>> = {}): string {
  const folder = newFolder('large');
  const first = join(folder, '0.txt');
  writeFileSync(first, 'lorem ipsum token dolor sit amet eyJ consectetur\n'.repeat(20_000));
  for (let n = 1; n < files; n += 1) linkSync(first, join(folder, `${n}.txt`));
  for (const [name, text] of Object.entries(besides)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Arguments of a run that takes some four seconds, on a machine of any speed. */
export function slowRun(besides?: Readonly<Record<string, string>>): string[] {
  return ['--max-rate=10', largeFolder(40, besides)];
}

/**
 * An agent whose root has the job, with these arguments besides the template's; nothing runs yet. The arguments may
 * depend on the agent, whose ports and certificates are new each time.
 */
export async function agentWithJob(
  extraArguments: readonly string[] | ((agent: LocalAgent) => readonly string[]),
  { template = 'secrets-scan', ...options }: Partial<AgentOptions> & { readonly template?: string } = {},
): Promise<LocalAgent> {
  const root = options.root ?? newFolder('agent');
  const agent = await startAgent({ startup: false, ...options, root });
  agents.push(agent);
  const extra = typeof extraArguments === 'function' ? extraArguments(agent) : extraArguments;
  // An executable that an agent before has left there is a link to one that other tests may be running: nobody can write to it.
  rmSync(join(root, 'Jobs', 'bin'), { recursive: true, force: true });
  layOutAgentRoot({
    root,
    os: hostPlatform({}).os,
    template,
    executable: fromSource
      ? { script: `#!/bin/sh\nexec '${process.execPath}' '${source}' "$@"\n` }
      : { path: executablePath },
    extraArguments: ['--state-dir', join(root, 'state'), ...extra],
  });
  agent.reloadJobs();
  return agent;
}

/** Ends every agent and removes every folder that was made here. */
export async function cleanUp(): Promise<void> {
  for (const agent of agents.splice(0)) await agent.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
