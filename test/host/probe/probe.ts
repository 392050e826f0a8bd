/**
 * A task without a purpose of its own: each option makes it do one thing that some task may do, so that the tests of the host need no
 * other task.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import * as z from 'zod';
import { TaskError } from '../../../src/host/exit/task-error.ts';
import type { TaskExit } from '../../../src/host/exit/exit-table.ts';
import type { LogEvent } from '../../../src/host/log/index.ts';
import type { Task, TaskContext, TaskState } from '../../../src/host/task/task.ts';

const count = z.coerce.number().int().min(0).max(1_000_000);
const text = z.string().min(1);

const ProbeOptions = z.object({
  records: count.default(0).meta({ description: 'Log so many records', placeholder: 'number' }),
  announce: count.default(0).meta({ description: 'Announce so many items', placeholder: 'number' }),
  store: count.default(0).meta({
    description: 'Announce the items up to this number that no run before has announced',
    placeholder: 'number',
  }),
  size: count.default(0).meta({ description: 'Lengthen each record by so much', placeholder: 'number' }),
  work: z
    .string()
    .regex(/^\d{1,6}ms$/, 'expected a duration such as 500ms')
    .optional()
    .meta({ description: 'Work for so long', placeholder: 'time' }),
  holdFile: text.optional().meta({
    description: 'Write "held" to this file, if it exists, and work until it is gone',
    placeholder: 'file',
  }),
  input: text.optional().meta({ description: 'Read this file', placeholder: 'file' }),
  fail: text.optional().meta({
    description:
      'Fail with an error of this kind; "unexpected", "uncaught", "stuck" and "forgotten" are what no task should do',
    placeholder: 'kind',
  }),
  exits: z.array(text).default([]).meta({ description: 'Return these verdicts', placeholder: 'name' }),
  keep: text.optional().meta({
    description: 'Write "kept" to this file of the state directory, also in a dry run',
    placeholder: 'name',
  }),
  byHand: z.boolean().default(false).meta({ description: 'Make any run a dry run' }),
  leak: text.optional().meta({ description: 'Say this wherever something is said', placeholder: 'text' }),
});
type ProbeOptions = z.output<typeof ProbeOptions>;

export const probeEvents = {
  working: { id: 'probe.working', level: 'Information', text: 'Working' },
  record: { id: 'probe.record', level: 'Information', text: 'Record' },
  detail: { id: 'probe.detail', level: 'Debug', text: 'Detail' },
  item: { id: 'probe.item', level: 'Warning', text: 'Item' },
} as const satisfies Record<string, LogEvent>;

export const probeExits = [
  { name: 'no-input', code: 66, meaning: 'there is nothing to probe', kind: 'failure' },
  { name: 'attention', code: 10, meaning: 'something needs attention', kind: 'verdict' },
  { name: 'partial', code: 11, meaning: 'not everything was probed', kind: 'verdict' },
] as const satisfies readonly TaskExit[];

/** Most bytes of a file that `--input` reads. */
const MAX_INPUT_BYTES = 1_000_000;
/** Milliseconds of work between two looks at the signal. */
const SLICE_MS = 20;
const ITEMS_PER_TURN = 20;
/** The user that an item belongs to. */
const OWNER = '1000';

/** What became of an item; undefined when it could not be stored, and so was not announced. */
type Fate = 'announced' | 'deferred' | 'known' | undefined;

/** What a run came to. */
interface Outcome {
  /** Numbers of the items that were announced. */
  readonly announced: number[];
  /** Items without room for their record: a later run announces those of `--store`. */
  deferred: number;
  /** Items that an earlier run has announced. */
  known: number;
}

type Offer = (number: number) => Fate;

export const probe: Task<typeof ProbeOptions> = {
  name: 'probe',
  description: 'Does what the tests of the host ask for.',
  options: ProbeOptions,
  events: Object.values(probeEvents),
  exitCodes: probeExits,
  reportFormats: {
    json: { title: 'JSON', extensions: ['.json'] },
    text: { title: 'text', extensions: ['.txt'] },
    lines: { title: 'lines', extensions: [], isStreamed: true },
  },
  storeSchema: ['CREATE TABLE items (number INTEGER PRIMARY KEY) STRICT'],
  dryRunBecause: ({ byHand }) => (byHand ? '--by-hand' : undefined),
  redact: (said) => said.replaceAll(/hidden-\w+/g, '[redacted]'),
  execute: async (context) => {
    const outcome = await work(context);
    const { announced, deferred, known } = outcome;
    const { exits, leak } = context.options;
    const line = `${announced.length} announced, ${deferred} deferred, ${known} known`;
    return {
      summary: {
        announced: announced.length,
        deferred,
        known,
        ...(leak !== undefined && { said: leak }),
      },
      needsAttention: announced.length > 0,
      exits,
      report: {
        text: ({ exitCode }, { colour, width, isTerminal }) => {
          const said = `${line}, exit code ${exitCode}${isTerminal ? ` on ${width} columns` : ''}\n`;
          return colour ? styleText('bold', said, { validateStream: false }) : said;
        },
        streamed: () => `${line}\n`,
        file: (format, run) => (format === 'json' ? JSON.stringify({ ...run, ...outcome }) : `${line}\n`),
      },
    };
  },
};

async function work(context: TaskContext<ProbeOptions>): Promise<Outcome> {
  const { options, log, announce, readInput, signal, state, stateDirectory, stream } = context;
  log(probeEvents.working);
  if (options.input !== undefined) {
    await readInput(options.input, { what: '--input', maxBytes: MAX_INPUT_BYTES });
  }
  if (options.keep !== undefined) writeFileSync(join(await stateDirectory(), options.keep), 'kept');
  if (options.leak !== undefined) log(probeEvents.detail, { said: options.leak });
  for (let number = 1; number <= options.records; number += 1) {
    log(probeEvents.record, fieldsOf(number, options));
    stream?.write(`record ${number}${'.'.repeat(options.size)}\n`);
  }
  const outcome: Outcome = { announced: [], deferred: 0, known: 0 };
  const offer: Offer = (number) =>
    announce(probeEvents.item, fieldsOf(number, options), OWNER) ? 'announced' : 'deferred';
  await takeAll(options.announce, offer, outcome, signal);
  await takeAll(
    options.store,
    state === undefined ? offer : stored(context.retell, state, offer),
    outcome,
    signal,
  );
  await busy(context);
  await fail(options, signal);
  return outcome;
}

/** Offers the items up to a number, and lets the event loop turn meanwhile. */
async function takeAll(most: number, take: Offer, outcome: Outcome, signal: AbortSignal): Promise<void> {
  for (let number = 1; number <= most && !signal.aborted; number += 1) {
    const fate = take(number);
    if (fate === 'announced') outcome.announced.push(number);
    else if (fate !== undefined) outcome[fate] += 1;
    if (number % ITEMS_PER_TURN === 0) await new Promise(setImmediate);
  }
}

/** Announces and stores an item, both or neither, unless a run has done so before and is not to be repeated. */
function stored(retell: boolean, { commit }: TaskState, offer: Offer): Offer {
  return (number) => {
    let fate: Fate;
    const isCommitted = commit((store) => {
      fate = 'known';
      const isKnown = store.prepare('SELECT 1 FROM items WHERE number = ?').get(number) !== undefined;
      if (isKnown && !retell) return;
      fate = offer(number);
      if (fate === 'announced') store.prepare('INSERT OR IGNORE INTO items VALUES (?)').run(number);
    });
    return isCommitted ? fate : undefined;
  };
}

function fieldsOf(number: number, { size, leak }: ProbeOptions) {
  return {
    number,
    ...(size > 0 && { padding: 'x'.repeat(size) }),
    ...(leak !== undefined && { said: leak }),
  };
}

/** Works in slices until the time is over and the file is gone, or the signal aborts. */
async function busy({ options, signal, progress }: TaskContext<ProbeOptions>): Promise<void> {
  const { work: time, holdFile, leak } = options;
  const milliseconds = Number.parseInt(time ?? '0', 10);
  const end = performance.now() + milliseconds;
  let slices = 0;
  progress(() => ({
    done: [`${slices} slices`],
    at: leak,
    fraction: Math.min(1, 1 - (end - performance.now()) / milliseconds),
  }));
  const isHeld = () => holdFile !== undefined && existsSync(holdFile);
  if (holdFile !== undefined && isHeld()) writeFileSync(holdFile, 'held', { flag: 'r+' });
  while (!signal.aborted && (performance.now() < end || isHeld())) {
    slices += 1;
    await sleep(SLICE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function fail({ fail: kind, leak = '' }: ProbeOptions, signal: AbortSignal): Promise<void> {
  const message = `asked to fail ${leak}`.trimEnd();
  switch (kind) {
    case undefined:
      return;
    case 'unexpected':
      throw new RangeError(message, { cause: new Error(`cause ${leak}`) });
    case 'uncaught':
      setImmediate(() => {
        throw new RangeError(message);
      });
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      return;
    case 'stuck':
      // Works on, whatever the signal says.
      setInterval(() => undefined, SLICE_MS);
      await new Promise(() => undefined);
      return;
    case 'forgotten':
      // There is nothing left that could settle it.
      await new Promise(() => undefined);
      return;
    default:
      throw new TaskError(kind, message);
  }
}
