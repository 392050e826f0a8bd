/**
 * Measures the local agent: 10,000 records from one job, and 200 consecutive runs of a job. Reports lost, repeated
 * and leaked records and resources, and exits with 1 if there are any. Times are printed, not asserted.
 *
 *   npm run agent:soak -- [RECORDS [RUNS]]
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type LocalAgent, layOutJob, startAgent } from './local-agent/index.ts';
import { nodeScript } from './local-agent/job-script.ts';

const [records = 10_000, runs = 200] = process.argv.slice(2).map(Number);

setFlagsFromString('--expose_gc');
const collectGarbage: () => void = runInNewContext('gc');

/** The maximum growth of an agent's resources. */
interface Holdings {
  readonly heap: number;
  readonly resident: number;
  readonly descriptors: number;
  readonly children: number;
}

function holdings(): Holdings {
  collectGarbage();
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const descriptors = readdirSync('/proc/self/fd').length;
  return { heap: heapUsed, resident: rss, descriptors, children: children.length };
}

/** One job that publishes many records as fast as it can, then many short ones. */
async function soak(agent: LocalAgent): Promise<boolean> {
  const started = performance.now();
  const { exitCode, tasks } = await agent.runJob('many-records');
  const seconds = (performance.now() - started) / 1000;
  const numbers = agent.records.map(({ payload }) => Number(payload['message']));
  const isWhole = numbers.length === records && numbers.every((number, index) => number === index);
  const lines = readFileSync(agent.logFile, 'utf8').split('\n').length - 1;
  console.log(
    `records   ${numbers.length} of ${records} arrived, ${new Set(numbers).size} different, ${lines} lines in the log`,
  );
  console.log(
    `          in order: ${isWhole ? 'yes' : 'NO'}; exit code ${exitCode}${tasks[0]?.stderr ?? ''}`,
  );
  console.log(`          ${seconds.toFixed(1)} s, ${Math.round(records / seconds)} a second`);

  const warmUp = Math.ceil(runs / 10);
  for (let run = 0; run < warmUp; run += 1) await agent.runJob('short');
  const before = holdings();
  const begun = performance.now();
  let failed = 0;
  for (let run = 0; run < runs; run += 1) {
    const { exitCode: code } = await agent.runJob('short');
    if (code !== 0) failed += 1;
  }
  const each = (performance.now() - begun) / runs;
  // Connections of the last run may still be closing.
  await new Promise((resolve) => {
    setTimeout(resolve, 1000);
  });
  const after = holdings();
  console.log(`runs      ${runs} after ${warmUp} to warm up, ${failed} failed, ${each.toFixed(0)} ms each`);
  for (const [name, unit, scale] of [
    ['heap', 'MiB', 2 ** 20],
    ['resident', 'MiB', 2 ** 20],
    ['descriptors', '', 1],
    ['children', '', 1],
  ] as const) {
    const [from, to] = [before[name], after[name]].map((value) =>
      (value / scale).toFixed(unit === '' ? 0 : 1),
    );
    console.log(`          ${name.padEnd(11)} ${from} -> ${to} ${unit}`);
  }
  const isTight = after.descriptors <= before.descriptors && after.children <= before.children;
  return isWhole && failed === 0 && isTight;
}

const root = mkdtempSync(join(tmpdir(), 'agent-soak-'));
layOutJob(root, {
  id: 'many-records',
  task: { timeoutSeconds: 600 },
  script: nodeScript(`
    const client = await connect();
    const pending = new Set();
    for (let n = 0; n < ${records}; n += 1) {
      const sent = client.publishAsync('KeeperLogger', record(String(n)), { qos: 1 }).then(() => pending.delete(sent));
      pending.add(sent);
      if (pending.size >= 32) await Promise.race(pending);
    }
    await Promise.all(pending);
    await client.endAsync();`),
});
layOutJob(root, {
  id: 'short',
  script: nodeScript(`
    const client = await connect();
    await client.publishAsync('KeeperLogger', record('short'), { qos: 1 });
    await client.endAsync();`),
});

// The agent's history is bounded, so growth means a leak.
const agent = await startAgent({ root, historyLimit: records });
try {
  process.exitCode = (await soak(agent)) ? 0 : 1;
} finally {
  await agent.stop();
  rmSync(root, { recursive: true, force: true });
}
