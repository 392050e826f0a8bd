/**
 * Floods of findings: none may prevent another finding from being announced, nor remain in the counts when it
 * is gone.
 */
import { rmSync } from 'node:fs';
import { agentFor, underAgent, uniqueRecords } from './agent.ts';
import { OTHER_ID, type Row, type Trial, USER_ID, announced, howEnded, recordsIn } from './harness.ts';
import { criticalToken, fakeLine } from './tokens.ts';

/** Number of fake findings: more than the table could hold in an earlier version. */
const FILES = 1020;
const EACH = 100;

function plantFlood(
  trial: Trial,
  folder: string,
  { files = FILES, each = EACH, owner = USER_ID, seed = '' } = {},
): void {
  for (let file = 0; file < files; file += 1) {
    let text = '';
    for (let line = 0; line < each; line += 1) text += fakeLine(`${seed}${file}/${line}`);
    trial.write(`${folder}/f${file}.ini`, text, owner);
  }
}

/** Whether a finding of this path was announced, or counted in a record that aggregates an owner's findings. */
function isAnnounced(stdout: string, end: string): boolean {
  return announced(stdout).some((path) => path.endsWith(end));
}

/** All findings that a report counts, whether listed or not. */
function totalFindings(trial: Trial, report: string): number {
  const counts = trial.readReport(report)?.outcome.findingCount ?? {};
  return severities.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
}

const severities = ['low', 'medium', 'high', 'critical'] as const;

function floodThenReal(name: string, owner: number, content: string, isShort: boolean): Row {
  return {
    name: `floods/${name}`,
    as: 'any',
    isShort,
    run: async (trial) => {
      plantFlood(trial, 'home/a');
      const args = ['--standalone', '--state-dir', trial.makeState(), trial.path('home')];
      const first = await trial.scan(args, { wall: 180 });
      trial.check(first.code === 0, `the flood: ${howEnded(first)}`);
      trial.write('home/v/prod.env', content, owner);
      const second = await trial.scan(args, { wall: 180 });
      trial.check(second.code === 0, `the run after: ${howEnded(second)}`);
      trial.check(isAnnounced(second.stdout, '/v/prod.env'), 'the real one is not announced');
      const third = await trial.scan(args, { wall: 180 });
      trial.check(!isAnnounced(third.stdout, '/v/prod.env'), 'the real one is announced twice');
      trial.measure(
        `${announced(first.stdout).length} records for the flood of ${FILES * EACH}, ${Math.round(first.peakMb)} MB`,
      );
      trial.check(first.peakMb <= 200, `the flood takes ${Math.round(first.peakMb)} MB`);
    },
  };
}

export const floods: readonly Row[] = [
  floodThenReal('then a real one of another owner', OTHER_ID, fakeLine('victim'), true),
  floodThenReal('then a critical one of the same owner', USER_ID, `${criticalToken('victim')}\n`, false),
  floodThenReal('then a medium one of the same owner', USER_ID, fakeLine('victim'), false),
  {
    name: 'floods/deleted fakes leave the counts',
    run: async (trial) => {
      plantFlood(trial, 'home/a');
      const report = trial.path('r.json');
      const state = trial.makeState();
      trial.makeFolder('out');
      const args = [
        '--standalone',
        '--state-dir',
        state,
        '--fail-on=low',
        `--report=${trial.path('out/r.json')}`,
        trial.path('home'),
      ];
      const first = await trial.scan(args, { wall: 180 });
      trial.check(first.code === 10, `with the flood: ${howEnded(first)}`);
      rmSync(trial.path('home/a'), { recursive: true });
      trial.makeFolder('home/b');
      const second = await trial.scan(args, { wall: 180 });
      trial.check(second.code === 0, `--fail-on on an empty tree: ${howEnded(second)}`);
      const left = totalFindings(trial, trial.path('out/r.json'));
      trial.check(left === 0, `${left} findings are still counted in ${report}`);
    },
  },
  {
    name: 'floods/half of the fakes deleted',
    run: async (trial) => {
      plantFlood(trial, 'home/a', { files: 510 });
      plantFlood(trial, 'home/b', { files: 510, seed: 'b' });
      trial.makeFolder('out');
      const args = [
        '--standalone',
        '--state-dir',
        trial.makeState(),
        `--report=${trial.path('out/r.json')}`,
        trial.path('home'),
      ];
      await trial.scan(args, { wall: 180 });
      rmSync(trial.path('home/a'), { recursive: true });
      await trial.scan(args, { wall: 180 });
      const last = await trial.scan(args, { wall: 180 });
      trial.check(last.code === 0, howEnded(last));
      const left = totalFindings(trial, trial.path('out/r.json'));
      // The count of a run without earlier ones; not every fake looks like a password.
      const report = trial.path('out/fresh.json');
      await trial.scan(
        ['--standalone', '--state-dir', trial.makeState('fresh'), `--report=${report}`, trial.path('home')],
        { wall: 180 },
      );
      const fresh = totalFindings(trial, report);
      trial.measure(`${left} counted, ${fresh} by a run without a past`);
      trial.check(left === fresh && fresh > 50_000, `${left} findings are counted, ${fresh} are there`);
    },
  },
  {
    name: 'floods/dry run with 12,000 fakes',
    isShort: true,
    run: async (trial) => {
      plantFlood(trial, 'home/a', { files: 120 });
      trial.write('home/z/prod.env', fakeLine('dry'), OTHER_ID);
      trial.makeFolder('out');
      const ended = await trial.scan([
        '--dry-run',
        `--report=${trial.path('out/r.json')}`,
        trial.path('home'),
      ]);
      trial.check(ended.code === 0, howEnded(ended));
      const findings = trial.readReport(trial.path('out/r.json'))?.outcome.findings ?? [];
      trial.check(
        findings.some(({ path }) => path.endsWith('/z/prod.env')),
        'the report lacks the real one',
      );
      trial.check((ended.stdout + ended.stderr).includes('/z/prod.env'), 'the terminal lacks the real one');
      trial.measure(`${findings.length} findings in the report`);
    },
  },
  {
    name: 'floods/100,000 fakes and a critical key in one file',
    run: async (trial) => {
      const lines = Array.from({ length: 100_000 }, (_, line) => fakeLine(`one ${line}`));
      trial.write('home/all.ini', `${lines.join('')}token: ${criticalToken('one file')}\n`, USER_ID);
      trial.makeFolder('out');
      const args = [
        '--standalone',
        '--state-dir',
        trial.makeState(),
        `--report=${trial.path('out/r.json')}`,
        trial.path('home'),
      ];
      const ended = await trial.scan(args, { wall: 180 });
      trial.check(ended.code === 0, howEnded(ended));
      const critical = recordsIn(ended.stdout).filter(
        ({ event, data }) => event === 'scan.finding' && data['severity'] === 'critical',
      );
      trial.check(critical.length === 1, `${critical.length} critical findings are announced`);
      const report = trial.readReport(trial.path('out/r.json'))?.outcome;
      trial.check(
        report?.findings.some(({ rule }) => rule.startsWith('github')) === true,
        'the report lacks it',
      );
      trial.measure(`${Math.round(ended.peakMb)} MB, ${ended.cpuSeconds.toFixed(1)} s of CPU`);
      trial.check(ended.peakMb <= 200, `takes ${Math.round(ended.peakMb)} MB`);
    },
  },
  {
    name: 'floods/5,000 long paths against the spool',
    run: longPaths,
  },
  {
    name: 'floods/new names in each run',
    run: async (trial) => {
      const args = ['--standalone', '--state-dir', trial.makeState(), trial.path('home')];
      const seen: string[] = [];
      for (let round = 0; round < 4; round += 1) {
        plantFlood(trial, `home/a${round}`, { files: 300, seed: `${round}-` });
        if (round > 0) rmSync(trial.path(`home/a${round - 1}`), { recursive: true });
        trial.write(`home/v/real${round}.env`, fakeLine(`real ${round}`), OTHER_ID);
        const ended = await trial.scan(args, { wall: 120 });
        trial.check(ended.code === 0, howEnded(ended));
        seen.push(...announced(ended.stdout).filter((path) => path.includes('/v/real')));
      }
      for (let round = 0; round < 4; round += 1) {
        const times = seen.filter((path) => path.endsWith(`real${round}.env`)).length;
        trial.check(times === 1, `real${round}.env was announced ${times} times`);
      }
    },
  },
  {
    name: 'floods/places that cannot be read',
    as: 'user',
    run: async (trial) => {
      for (let file = 0; file < 3000; file += 1) trial.write(`home/f${file}`, 'x', 0);
      const { chmodSync } = await import('node:fs');
      for (let file = 0; file < 3000; file += 1) chmodSync(trial.path(`home/f${file}`), 0);
      trial.write('home/z/real.env', fakeLine('z'), OTHER_ID);
      trial.makeFolder('out');
      const ended = await trial.scan([
        '--standalone',
        '--strict',
        '--state-dir',
        trial.makeState(),
        `--report=${trial.path('out/r.json')}`,
        trial.path('home'),
      ]);
      trial.check(ended.code === 11, howEnded(ended));
      const unexamined = trial.readReport(trial.path('out/r.json'))?.outcome.coverage.unexamined ?? {};
      const total = Object.values(unexamined).reduce((sum, each) => sum + each, 0);
      trial.check(total === 3000, `${total} of 3000 are counted`);
      trial.check(isAnnounced(ended.stdout, '/z/real.env'), 'the finding beside them is not announced');
    },
  },
];

/** One run announces 4 MiB of records that earlier ones could not; 5,000 long paths fill six times as much. */
const LATER_RUNS = 10;

/** The agent cannot be reached while 5,000 findings with long paths come up; later it can. */
async function longPaths(trial: Trial): Promise<void> {
  const deep = Array.from({ length: 17 }, (_, level) => `${level}`.padEnd(200, 'd')).join('/');
  const paths: string[] = [];
  for (let file = 0; file < 5000; file += 1) {
    paths.push(trial.write(`home/a/${deep}/f${file}.ini`, fakeLine(`long ${file}`), USER_ID));
  }
  const victim = trial.write('home/v/prod.env', `${criticalToken('long')}\n`, OTHER_ID);
  const agent = await agentFor(trial);
  const state = trial.makeState();
  const run = async (apiBase: string) => {
    const { args, env } = underAgent(apiBase);
    return await trial.scan([...args, '--state-dir', state, trial.path('home')], { env, wall: 180 });
  };
  const away = await run('https://127.0.0.1:1');
  trial.check(away.code === 69, `without the agent: ${howEnded(away)}`);
  trial.check(away.peakMb <= 200, `takes ${Math.round(away.peakMb)} MB`);
  const codes: string[] = [];
  const announcedPaths = () =>
    uniqueRecords(agent)
      .filter(({ event }) => event === 'scan.finding')
      .map(({ data }) => String(data['path']));
  for (let round = 0; round < LATER_RUNS; round += 1) {
    const ended = await run(agent.apiBase);
    codes.push(howEnded(ended));
    if (round === 0)
      trial.check(announcedPaths().includes(victim), "the other owner's finding is not announced at once");
    if (new Set(announcedPaths()).size === paths.length + 1) break;
  }
  const got = announcedPaths();
  const missing = [victim, ...paths].filter((path) => !got.includes(path));
  trial.check(
    got.length === new Set(got).size,
    `${got.length - new Set(got).size} findings are announced twice`,
  );
  trial.check(
    missing.length === 0,
    `${missing.length} of 5001 findings are never announced (${codes.join(', ')})`,
  );
  trial.measure(`${got.length} of 5001 announced after ${codes.length} runs, ${Math.round(away.peakMb)} MB`);
}
