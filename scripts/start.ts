/**
 * Runs the main job once, for real: packs the executable, lays out an agent's root, starts the local agent and lets
 * it run the job. Prints the KeeperLogger lines as they arrive, then the result.
 *
 *     npm start -- [ARGUMENTS]     their meaning depends on the task's demonstration
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutAgentRoot } from '../build/agent-root.ts';
import { executablePath, packageHost } from '../build/package.ts';
import { demonstrate, taskBuild } from '../build/task.ts';
import { hostExitCode } from '../src/host/exit/exit-table.ts';
import { describeError } from '../src/host/exit/task-error.ts';
import { isColoured } from '../src/host/log/colour.ts';
import { StandardStream, hostPlatform } from '../src/host/platform/index.ts';
import type { Demonstration } from '../src/host/task/task-build.ts';
import { startAgent } from './local-agent/index.ts';

const job = taskBuild.name;

/** Runs the job below a temporary agent's root. Returns the job's exit code. */
async function start(root: string, demonstration: Demonstration): Promise<number> {
  layOutAgentRoot({
    root,
    os: hostPlatform(process.env).os,
    template: job,
    executable: { path: executablePath },
    extraArguments: ['--state-dir', join(root, 'state'), ...demonstration.arguments],
  });
  const agent = await startAgent({
    root,
    startup: false,
    minimumLevel: 'Information',
    // The rest of a line repeats its message as JSON.
    onLogLine: (line) => console.log(`  ${line.trimEnd().replace(/ \{"event".*/, '')}`),
  });
  try {
    console.log(`\nagent   ${agent.apiBase}, broker on port ${agent.brokerPort}`);
    console.log(`job     ${[job, ...demonstration.arguments].join(' ')}`);
    console.log('\nKeeperLogger.log');
    const { exitCode, tasks } = await agent.runJob(job);
    const output = tasks.map(({ stdout, stderr }) => stdout + stderr).join('');
    if (output !== '') console.log(`\noutput of the task\n${output}`);
    const stdout = new StandardStream(1);
    const result = await demonstration.result?.({
      colour: isColoured(stdout, 'auto', process.env),
      width: stdout.columns ?? 80,
      isTerminal: stdout.isTTY,
    });
    if (result !== undefined) console.log(`\n${result}`);
    return exitCode ?? hostExitCode('internal');
  } finally {
    await agent.stop();
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'kepm-'));
try {
  const root = join(temporary, 'KeeperPrivilegeManager');
  mkdirSync(root);
  const demonstration = await demonstrate(temporary, process.argv.slice(2)).catch((error: unknown) => {
    console.error(describeError(error));
    return undefined;
  });
  if (demonstration === undefined) process.exitCode = hostExitCode('usage');
  else {
    await packageHost();
    process.exitCode = await start(root, demonstration);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
