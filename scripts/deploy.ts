/**
 * Installs a release on this machine's agent, or returns to the previous version:
 *
 *   npm run deploy -- --agent URL --client-cert FILE --client-key FILE [options] ARCHIVE
 *   npm run deploy -- --agent URL --client-cert FILE --client-key FILE [options] --back
 *
 *   --ca-file FILE       trust only these authorities for the agent
 *   --agent-root DIR     default: where the agent is installed on this system
 *   --job FILE           this job document instead of the archive's
 *   --wait MINUTES       longest wait for the run (default 115)
 *   --no-run             do not trigger the job
 *
 * The archive must match its hash in `SHA256SUMS` beside it. The executable is replaced in one step; then it must
 * start, and the agent must accept the document; otherwise everything is undone. Then the job is created or
 * updated, run once and awaited. Exit code 0 when that run completed (code 0, or one of the task's verdicts), 1
 * when it did not or its outcome is unknown, 64 when nothing was changed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readArchive } from '../build/release/archive.ts';
import { executablePathIn, jobPath } from '../build/release/contents.ts';
import { sha256 } from '../build/release/manifest.ts';
import { hostTarget } from '../build/targets.ts';
import { loadTask } from '../build/task.ts';
import { ExitTable } from '../src/host/exit/exit-table.ts';
import { describeError } from '../src/host/exit/task-error.ts';
import { defaultAgentRoots } from '../src/host/installation/index.ts';
import { JobDocument, lintJob } from '../src/host/job/index.ts';
import { AgentApi } from './deploy/agent-api.ts';
import { type Version, installExecutable, previousVersion, replaceFile } from './deploy/installation.ts';
import { runOnce } from './deploy/outcome.ts';

const target = hostTarget();
const exits = new ExitTable((await loadTask()).exitCodes);

/** The files to install: the executable, and plain files beside it. */
interface Deployed extends Version {
  readonly others: readonly { readonly path: string; readonly content: Buffer }[];
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(`deploy: ${describeError(error)}`);
  process.exitCode = 64;
}

async function main(argv: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    allowNegative: true,
    options: {
      agent: { type: 'string' },
      'client-cert': { type: 'string' },
      'client-key': { type: 'string' },
      'ca-file': { type: 'string' },
      'agent-root': { type: 'string', default: defaultAgentRoots[target.os] },
      job: { type: 'string' },
      wait: { type: 'string', default: '115' },
      run: { type: 'boolean', default: true },
      back: { type: 'boolean', default: false },
    },
  });
  const { agent, 'client-cert': certificate, 'client-key': key, 'agent-root': root } = values;
  if (agent === undefined || certificate === undefined || key === undefined) {
    throw new Error('write --agent URL, --client-cert FILE and --client-key FILE');
  }
  const wait = Number(values.wait) * 60_000;
  if (!(wait > 0)) throw new Error(`--wait ${values.wait}: write a number of minutes`);
  const [archive] = positionals;
  if (positionals.length !== (values.back ? 0 : 1)) throw new Error('write one ARCHIVE, or --back');

  const api = new AgentApi({ agent, certificate, key, authorities: values['ca-file'] });
  const places = { executable: join(root, executablePathIn(target)), job: join(root, jobPath) };
  const version: Deployed =
    archive === undefined ? { ...previousVersion(places), others: [] } : await versionIn(archive);
  const document = values.job === undefined ? version.job : readFileSync(values.job, 'utf8');
  const id = checkedId(document, root);

  const installing = installExecutable(places, version.executable);
  try {
    checkStarts(places.executable);
    await api.validate(document);
    await api.put(id, document);
  } catch (error) {
    installing.undo();
    throw error;
  }
  installing.keep();
  for (const { path, content } of version.others) replaceFile(join(root, path), content, 0o644);
  console.log(`installed ${places.executable}, job ${id}`);
  if (!values.run) return true;

  const isGood = await runsWell(api, id, join(root, 'Log', 'KeeperLogger.log'), wait);
  if (!isGood) console.log('to return to the previous version, run the same command with --back');
  return isGood;
}

/** Runs the job once and prints how it ended. A failure here does not undo the installation. */
async function runsWell(api: AgentApi, id: string, log: string, wait: number): Promise<boolean> {
  try {
    const { code, lines } = await runOnce(api, id, log, wait);
    for (const line of lines) console.log(line);
    if (code === undefined) {
      console.log('the run did not end in time, or its outcome is unknown');
      return false;
    }
    console.log(`run ended: ${code} (${exits.meaningOf(code)})`);
    return exits.isCompleted(code);
  } catch (error) {
    console.error(`the job could not be run: ${describeError(error)}`);
    return false;
  }
}

/** @throws Error when the archive is not for this system */
async function versionIn(archive: string): Promise<Deployed> {
  const content = readFileSync(archive);
  checkSum(archive, content);
  const entries = await readArchive(archive, content);
  const find = (path: string) => entries.find((entry) => entry.path === path)?.content;
  const [executable, job] = [find(executablePathIn(target)), find(jobPath)];
  if (executable === undefined || job === undefined) {
    throw new Error(`${archive} holds no ${executablePathIn(target)}; take the archive for ${target.name}`);
  }
  const beside = `${dirname(executablePathIn(target))}/`;
  const others = entries.filter(({ path, content }) => path.startsWith(beside) && content !== executable);
  return { executable, job: job.toString(), others };
}

/** @throws Error when the list of hashes beside the archive lacks it or has another hash */
function checkSum(archive: string, content: Buffer): void {
  const list = join(dirname(archive), 'SHA256SUMS');
  if (!existsSync(list)) {
    console.log(`no SHA256SUMS beside ${archive}: its hash is not checked`);
    return;
  }
  const line = `${sha256(content)}  ${basename(archive)}`;
  if (!readFileSync(list, 'utf8').split('\n').includes(line)) {
    throw new Error(`${archive} is not the archive that SHA256SUMS beside it names`);
  }
}

/** Checks that this machine can start it: the architecture, and the signature if the system requires one. */
function checkStarts(executable: string): void {
  const { status, stderr, error } = spawnSync(executable, ['--version'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`${executable} does not start here: ${error?.message ?? stderr}`);
}

/** The id of the job document. @throws Error when the document is invalid or starts another executable */
function checkedId(text: string, agentRoot: string): string {
  const document: unknown = JSON.parse(text);
  const fileName = jobPath.replace(/^.*\//, '');
  const problems = lintJob(document, { fileName, os: target.os, agentRoot });
  if (problems.length > 0) throw new Error(`the job document: ${problems.join('; ')}`);
  return JobDocument.parse(document).id;
}
