/** A machine with an agent that has the values of a case: runs the probe as its job, and keeps what the logger has written. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentOptions, LocalAgent } from '../../../scripts/local-agent/index.ts';
import { type Line, agentWithJob, jobId, newFolder, recordsOf } from '../probe-under-test.ts';
import type { Config, Value } from './value.ts';

export interface RunResult {
  readonly code: number | null;
  readonly stderr: string;
}

/** How a run is done. */
export interface Attempt {
  readonly values: readonly Value[];
  /** Further options of the job, by flag. */
  readonly flags?: Value['flags'];
  /** The job announces items up to this number. */
  readonly items: number;
  /**
   * Milliseconds that a job at work has for its first publication before what happens during a run happens; undefined: nothing
   * happens.
   */
  readonly patience?: number;
}

const LOOK_MS = 20;

export class Machine {
  readonly root = newFolder('matrix');
  /** Records whose lines are in the log, in order. */
  readonly written: Line[] = [];

  /** Runs the job with an agent that is started for it, in the same root and with the same state as before. */
  async run({ values, flags, items, patience }: Attempt): Promise<RunResult> {
    const events = patience === undefined ? [] : values.flatMap(({ during }) => during ?? []);
    const hold = join(this.root, 'hold');
    if (events.length > 0) writeFileSync(hold, '');
    const all = united([
      { 'agent-timeout': '20s', 'hold-file': hold },
      ...values.map((one) => one.flags),
      flags,
    ]);
    const agent: LocalAgent = await agentWithJob(
      [`--store=${items}`, '--size=20', ...this.#argumentsOf(all), ...this.#configure(values)],
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
      if (events.length > 0) await Promise.race([run, working(agent, hold, patience)]);
      for (const happen of events) await happen(agent);
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

  /** Writes the files of the values. @returns the flag for the configuration file */
  #configure(values: readonly Value[]): string[] {
    const config = configOf(values);
    const files = united([
      ...values.map((value) => value.files),
      Object.keys(config).length > 0 ? { 'config.json': JSON.stringify(config) } : undefined,
    ]);
    mkdirSync(this.root, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.root, name), text, { mode: 0o600 });
    }
    return 'config.json' in files ? [`--config=${join(this.root, 'config.json')}`] : [];
  }
}

/** A line that shows neither id nor message shows no record. */
function shows(line: string, { id, message, Message }: Line & { readonly Message?: string }): boolean {
  return line.includes(id) || line.includes(message ?? Message ?? id);
}

/** Resolves when the job has tried to connect, works, and has published something or had so many milliseconds for it. */
async function working({ records, audit }: LocalAgent, hold: string, patience = 0): Promise<void> {
  while (readFileSync(hold, 'utf8') !== 'held') await sleep(LOOK_MS);
  const latest = Date.now() + patience;
  while (records.length + audit.length === 0 && Date.now() < latest) await sleep(LOOK_MS);
}

function optionsOf(values: readonly Value[]): Partial<AgentOptions> {
  const all = values.map(({ agent = {} }) => agent);
  const faults: AgentOptions['faults'] = Object.assign({}, ...all.map((agent) => agent.faults));
  return Object.assign({}, ...all, { faults });
}

function configOf(values: readonly Value[]): Config {
  const all = values.flatMap(({ config }) => config ?? []);
  const payloads = all.flatMap(({ payload }) => payload ?? []);
  const names = united(payloads.map((payload) => payload.names));
  const levels = united(payloads.map((payload) => payload.levels));
  const payload = payloads.length === 0 ? {} : { payload: { names, levels } };
  return Object.assign({}, ...all, payload);
}

/** All entries; those of later parts count. */
function united<Item>(parts: readonly (Readonly<Record<string, Item>> | undefined)[]): Record<string, Item> {
  return Object.fromEntries(parts.flatMap((part = {}) => Object.entries(part)));
}
