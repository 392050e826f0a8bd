/**
 * Runs the probe as a job of an agent with the values of a case, removes what keeps records from arriving, and runs it again. Reports
 * what is not as it must be.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOptions, LocalAgent } from '../../../scripts/local-agent/index.ts';
import { type Line, agentWithJob, jobId, newFolder, recordsIn, recordsOf } from '../probe-under-test.ts';
import type { Case, Obstacle } from './cases.ts';
import { type Value, titleOf } from './value.ts';

/** Items that the first run announces, and that both do. */
const ITEMS = [3, 5] as const;
/** Milliseconds that a run with a restart in the middle may need to begin its work. */
const LONGEST_START = 4000;

interface RunResult {
  readonly code: number | undefined;
  readonly stderr: string;
}

/** Agents one after the other in the same root, and what their logger has written. */
class Machine {
  readonly root = newFolder('matrix');
  /** Records whose lines are in the log, in order; a line that shows neither id nor message shows no record. */
  readonly written: Line[] = [];

  /** Runs the job once, with an agent of its own. */
  async run(values: readonly Value[], items: number): Promise<RunResult> {
    const during = values.flatMap((value) => value.during ?? []);
    const hold = join(this.root, 'hold');
    if (during.length > 0) writeFileSync(hold, '');
    const flags = { 'agent-timeout': '4s', ...merged(values.map((value) => value.flags)) };
    const extra = during.length > 0 ? [`--hold-file=${hold}`] : [];
    const agent: LocalAgent = await agentWithJob(
      [`--store=${items}`, ...extra, ...this.#argumentsOf(flags), ...this.#configure(values)],
      {
        ...optionsOf(values),
        root: this.root,
        onLogLine: (line) => {
          const record = recordsOf(agent).at(-1);
          if (record !== undefined && shows(line, record)) this.written.push(record);
        },
      },
    );
    try {
      const run = agent.runJob(jobId);
      if (during.length > 0) await atWork(agent);
      for (const action of during) await action(agent);
      rmSync(hold, { force: true });
      const { exitCode, tasks } = await run;
      return { code: exitCode, stderr: tasks[0]?.stderr ?? '' };
    } finally {
      await agent.stop();
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #argumentsOf(flags: Readonly<Record<string, string>>): string[] {
    return Object.entries(flags).map(([name, value]) => `--${name}=${value.replace('{root}', this.root)}`);
  }

  /** Writes the files of the values. */
  #configure(values: readonly Value[]): string[] {
    const write = (name: string, text: string) => writeFileSync(join(this.root, name), text, { mode: 0o600 });
    mkdirSync(this.root, { recursive: true });
    for (const [name, text] of Object.entries(merged(values.map(({ files }) => files)))) write(name, text);
    const names = merged(values.map(({ payload }) => payload?.names));
    const levels = merged(values.map(({ payload }) => payload?.levels));
    if (values.every(({ payload }) => payload === undefined)) return [];
    write('config.json', JSON.stringify({ payload: { names, levels } }));
    return [`--config=${join(this.root, 'config.json')}`];
  }
}

/** What is wrong with a case, in lines; empty if nothing is. */
export async function problemsOf({ values, obstacles, rest }: Case): Promise<string[]> {
  const machine = new Machine();
  try {
    const [few, many] = ITEMS;
    const first = await machine.run(values, few);
    const arrivedAtOnce = [...machine.written];
    const second = await machine.run(rest.map(({ during: _, ...value }) => value), many);
    const problems =
      obstacles.length === 0
        ? [...succeeded('first', first), ...missing(arrivedAtOnce, few, 1)]
        : named(first, obstacles);
    problems.push(
      ...succeeded('second', second),
      ...missing(machine.written, many, 2),
      ...lost(first.stderr, machine.written),
      ...repeated(machine.written, obstacles),
      ...unfinished(first, machine.written),
    );
    return problems.length === 0 ? [] : [`${values.map(titleOf).join(', ')}: ${problems.join('; ')}`];
  } finally {
    machine.remove();
  }
}

function succeeded(which: string, { code, stderr }: RunResult): string[] {
  return code === 0 && stderr === '' ? [] : [`the ${which} run ended with ${code}: ${stderr.slice(0, 600)}`];
}

/** The exit code is that of an obstacle, and a line names it. */
function named({ code, stderr }: RunResult, obstacles: readonly Obstacle[]): string[] {
  const lines = stderr.split('\n');
  const isNamed = obstacles.some(
    ({ cause }) => cause.codes.some((each) => each === code) && lines.some((line) => cause.line.test(line)),
  );
  return isNamed ? [] : [`the first run ended with ${code} and named no cause: ${stderr.slice(0, 600)}`];
}

/** Every item and every run's summary is written. */
function missing(written: readonly Line[], items: number, runs: number): string[] {
  const numbers = new Set(written.map(({ event, data }) => event === 'probe.item' && data['number']));
  const wanted = Array.from({ length: items }, (_, index) => index + 1);
  const without = wanted.filter((number) => !numbers.has(number)).map((number) => `item ${number}`);
  const summaries = new Set(written.filter(({ event }) => event === 'run.summary').map(({ run }) => run)).size;
  return [...without, ...(summaries < runs ? [`${runs - summaries} summaries`] : [])].map(
    (what) => `not written after run ${runs}: ${what}`,
  );
}

/** What a run lists on standard error is written later. */
function lost(stderr: string, written: readonly Line[]): string[] {
  const ids = new Set(written.map(({ id }) => id));
  const gone = recordsIn(stderr).filter(({ id }) => !ids.has(id));
  return gone.map(({ event }) => `listed on standard error and lost: ${event}`);
}

function repeated(written: readonly Line[], obstacles: readonly Obstacle[]): string[] {
  if (obstacles.some(({ cause }) => cause.isRepeated === true)) return [];
  const again = written.filter(({ id }, index) => written.findIndex((other) => other.id === id) < index);
  return again.length === 0 ? [] : [`written again: ${again.map(({ event }) => event).join(' ')}`];
}

/** The end of a run that failed is a warning. */
function unfinished({ code }: RunResult, written: readonly Line[]): string[] {
  const isWritten = written.some(({ event, data }) => event === 'run.ended' && data['code'] !== 0);
  return code === 0 || isWritten ? [] : ['the end of the first run is not written'];
}

function shows(line: string, { id, message }: Line): boolean {
  return line.includes(id) || (message !== undefined && line.includes(message));
}

/** Resolves once the job has published something, or cannot have done so. */
async function atWork(agent: LocalAgent): Promise<void> {
  const latest = Date.now() + LONGEST_START;
  while (agent.records.length + agent.audit.length === 0 && Date.now() < latest) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

function optionsOf(values: readonly Value[]): Partial<AgentOptions> {
  const all = values.map(({ agent }) => agent ?? {});
  return { ...merged(all), faults: merged(all.map(({ faults }) => faults)) };
}

function merged<Part extends object>(parts: readonly (Part | undefined)[]): Partial<Part> {
  return Object.assign({}, ...parts);
}
