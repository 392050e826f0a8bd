/**
 * The main job, once, for real: packs the executable, lays out an agent's root, starts the local agent and lets it run
 * the job on a folder. Prints the KeeperLogger lines as they come, then what was found.
 *
 *     npm start            a sample folder with planted credentials
 *     npm start -- DIR     that folder
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layOutAgentRoot } from '../build/agent-root.ts';
import { executablePath, packageHost } from '../build/package.ts';
import { taskBuild } from '../build/task.ts';
import { hostPlatform } from '../src/host/platform/index.ts';
import { loadTools } from '../src/scan/task-build.ts';
import { startAgent } from './local-agent/index.ts';
import { plantSample } from '../fixtures/sample.ts';

const { readReport, renderText } = await loadTools();

const JOB = taskBuild.name;

/** Runs the job on a folder below a temporary agent's root. Returns the job's exit code. */
async function start(root: string, folder: string): Promise<number> {
  const report = join(root, 'report.json');
  layOutAgentRoot({
    root,
    os: hostPlatform(process.env).os,
    template: JOB,
    executable: { path: executablePath },
    extraArguments: ['--state-dir', join(root, 'state'), '--report', report, '--', folder],
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
    console.log(`job     ${JOB} on ${folder}`);
    console.log('\nKeeperLogger.log');
    const { exitCode, tasks } = await agent.runJob(JOB);
    const output = tasks.map(({ stdout, stderr }) => stdout + stderr).join('');
    if (output !== '') console.log(`\noutput of the task\n${output}`);
    const finished = await readReport(report);
    console.log(`\n${renderText(finished, { colour: process.stdout.isTTY })}`);
    return exitCode ?? 70;
  } finally {
    await agent.stop();
  }
}

const [given] = process.argv.slice(2);
if (given !== undefined && !statSync(given, { throwIfNoEntry: false })) {
  console.error(`there is no ${given}; give a folder to scan, or nothing for a sample`);
  process.exitCode = 66;
} else {
  await packageHost();
  const temporary = mkdtempSync(join(tmpdir(), 'kepm-'));
  try {
    const root = join(temporary, 'KeeperPrivilegeManager');
    mkdirSync(root);
    const folder = given === undefined ? plantSample(join(temporary, 'sample')) : resolve(given);
    process.exitCode = await start(root, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
