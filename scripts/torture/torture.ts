/**
 * Attacks the packed executable as a local user, a local peer or hostile content would, and counts the failures.
 * Relies only on documented behaviour of the executable. Prints `row | tries | failures | measured` and exits with
 * 1 when there is a failure, or with 2 when no row ran. Linux only; the rows that need root say so. SIGINT and
 * SIGTERM end it cleanly.
 *
 *     npm run torture                              every row that the current user can run; as root some rows act as a user
 *     npm run torture -- floods links/report       areas or beginnings of row names
 *     npm run torture -- kills --kills=300         this many kills at random moments
 *     npm run torture -- --as=user                 as root: everything that a user can run, as user 65534
 */
import { copyFileSync, chmodSync, existsSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../shared/tables.ts';
import { describeMachine } from '../shared/machine.ts';
import { type Identity, type Row, Trial, isRoot, killAll } from './harness.ts';
import { disk } from './disk.ts';
import { durations } from './durations.ts';
import { floods } from './floods.ts';
import { hangs } from './hangs.ts';
import { inputs } from './inputs.ts';
import { kills } from './kills.ts';
import { links } from './links.ts';
import { memory } from './memory.ts';
import { names } from './names.ts';
import { node } from './node.ts';
import { peers } from './peers.ts';
import { placeholders } from './placeholders.ts';
import { time } from './time.ts';
import { trees } from './trees.ts';

const USAGE = `usage: npm run torture -- [ROW ...] [options]
  ROW                an area (floods) or the beginning of a row's name (links/report)
  --executable=FILE  what is attacked; default dist/secrets-scan
  --short            the short form, for CI
  --kills=N          kills of the rows below kills/; default 300, short 25
  --as=root|user     only the rows of this identity; as root, "user" runs all that a user can as user 65534
  --list             name the rows and end
  --keep-going=false end at the first failure`;

/** Minutes after which a row that has not ended counts as failed. */
const ROW_MINUTES = 12;

interface Result {
  readonly name: string;
  readonly tries: number;
  readonly failures: readonly string[];
  readonly figures: readonly string[];
  readonly skipped?: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    executable: { type: 'string', default: 'dist/secrets-scan' },
    short: { type: 'boolean', default: false },
    kills: { type: 'string' },
    as: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    'keep-going': { type: 'string', default: 'true' },
  },
});

/** Rows with the identities that they run as, in order. */
function chosenRows(): { row: Row; identity: Identity; skipped?: string }[] {
  const all = [
    ...floods,
    ...links,
    ...trees,
    ...inputs,
    ...memory,
    ...time,
    ...hangs,
    ...disk,
    ...durations,
    ...names,
    ...node,
    ...placeholders,
    ...peers,
    ...kills(Number(values.kills ?? (values.short ? 25 : 300))),
  ];
  const isChosen = ({ name }: Row) =>
    positionals.length === 0 ||
    positionals.some(
      (wanted) => name === wanted || name.startsWith(wanted.includes('/') ? wanted : `${wanted}/`),
    );
  return all
    .filter((row) => isChosen(row) && (!values.short || row.isShort === true))
    .flatMap((row) => identitiesOf(row).map((identity) => ({ row, identity, ...skipOf(row, identity) })));
}

function identitiesOf({ as = 'any' }: Row): Identity[] {
  const mine: Identity = isRoot ? 'root' : 'user';
  if (values.as === 'user') return as === 'root' ? [] : ['user'];
  if (values.as === 'root') return as === 'user' ? [] : ['root'];
  if (as === 'any') return [mine];
  if (as === 'both') return isRoot && !values.short ? ['root', 'user'] : [mine];
  return [as];
}

function skipOf(row: Row, identity: Identity): { skipped?: string } {
  if (identity === 'root' && !isRoot) return { skipped: 'needs root' };
  const reason = row.skip?.();
  return reason === undefined ? {} : { skipped: reason };
}

/** A row was abandoned: promises that it still awaits reject later. */
let isGivenUp = false;

/** Rejects on SIGINT and SIGTERM, so that the current row is abandoned and cleaned up. */
const interruption = Promise.withResolvers<never>();
interruption.promise.catch(() => undefined);
/** The exit code that shells use for the end by that signal. */
let interruptedBy: 130 | 143 | undefined;

function interrupt(code: 130 | 143): void {
  interruptedBy = code;
  say('ending: removes temporary folders and mounts');
  interruption.reject(new Error('the test was ended'));
}

async function runRow(row: Row, identity: Identity, executable: string): Promise<Result> {
  const name = identity === (isRoot ? 'root' : 'user') ? row.name : `${row.name} (as a user)`;
  const trial = new Trial(executable, identity, values.short);
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      row.run(trial),
      interruption.promise,
      new Promise((_, fail) => {
        timer = setTimeout(
          () => fail(new Error(`no end after ${ROW_MINUTES} minutes`)),
          ROW_MINUTES * 60_000,
        );
      }),
    ]);
  } catch (error) {
    isGivenUp = true;
    trial.check(false, `the row itself failed: ${error instanceof Error ? error.message : String(error)}`);
    killAll();
  } finally {
    clearTimeout(timer);
    await trial.end().catch((error: unknown) => trial.check(false, `cannot tidy up: ${String(error)}`));
  }
  return { name, tries: trial.tries, failures: trial.failures, figures: trial.figures };
}

function say(text: string): void {
  writeSync(2, `${text}\n`);
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const rows = chosenRows();
  if (values.list) {
    for (const { row, identity, skipped } of rows)
      console.log(`${row.name} ${identity} ${skipped ?? ''}`.trim());
    return 0;
  }
  const given = resolve(values.executable);
  if (!existsSync(given)) {
    say(`${given} is missing: run "npm run package" first, or name it with --executable`);
    return 2;
  }
  // A copy that every identity can access: a checkout may be in a folder that only its owner can open.
  const folder = mkdtempSync(join(tmpdir(), 'torture-program-'));
  const executable = join(folder, 'secrets-scan');
  const results: Result[] = [];
  const started = performance.now();
  try {
    chmodSync(folder, 0o755);
    copyFileSync(given, executable);
    chmodSync(executable, 0o755);
    for (const { row, identity, skipped } of rows) {
      if (skipped !== undefined) {
        results.push({ name: row.name, tries: 0, failures: [], figures: [], skipped });
        say(`skip  ${row.name}: ${skipped}`);
        continue;
      }
      const began = performance.now();
      const result = await runRow(row, identity, executable);
      results.push(result);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(
        `${result.failures.length === 0 ? 'ok  ' : 'FAIL'}  ${result.name} (${result.tries} tries, ${seconds} s) ${result.figures.join('; ')}`,
      );
      for (const failure of result.failures.slice(0, 5)) say(`        ${failure.slice(0, 400)}`);
      if (interruptedBy !== undefined) return interruptedBy;
      if (result.failures.length > 0 && values['keep-going'] === 'false') break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return conclude(results, (performance.now() - started) / 1000);
}

function conclude(results: readonly Result[], seconds: number): number {
  const cells = results.map(({ name, tries, failures, figures, skipped }) => [
    name,
    skipped === undefined ? String(tries) : '-',
    skipped === undefined ? String(failures.length) : '-',
    skipped === undefined ? figures.join('; ') : `skipped: ${skipped}`,
  ]);
  console.log(`\n${describeMachine()}\n`);
  console.log(table(['row', 'tries', 'failures', 'measured'], cells));
  const ran = results.filter(({ skipped }) => skipped === undefined);
  const tries = ran.reduce((sum, { tries }) => sum + tries, 0);
  const failures = ran.reduce((sum, { failures }) => sum + failures.length, 0);
  console.log(
    `\n${ran.length} rows, ${results.length - ran.length} skipped, ${tries} tries, ${failures} failures, ${Math.round(seconds)} s, ` +
      `as ${isRoot && values.as !== 'user' ? 'root' : 'a user'}`,
  );
  if (ran.length === 0) return 2;
  return failures === 0 ? 0 : 1;
}

if (process.platform !== 'linux') {
  console.log('npm run torture needs Linux; see SECURITY.md for other systems');
} else {
  process.on('unhandledRejection', (error) => {
    if (!isGivenUp) throw error;
  });
  const finished = main();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      // A second signal ends it immediately.
      if (interruptedBy !== undefined) process.exit(code);
      interrupt(code);
      // The abandoned row may still be waiting for something.
      void finished.finally(() => process.exit(code));
    });
  }
  process.exitCode = await finished;
}
